import test from 'ava';
import type { Observation } from '../../runners/evidence/observation.ts';
import { judge } from '../../runners/verdict/judge.ts';
import { cellOf, crash, packet, REQUEST, RESET, ran } from '../_observation.ts';

const LOST = { missing: 'it has ended', lost: true } as const;
const cell = cellOf();

for (const [kind, reason] of [
  ['packets', 'the packets were lost: it has ended'],
  ['counters', 'the counters were lost: it has ended'],
  ['resets', 'the trace was lost: it has ended'],
] as const) {
  test(`${kind} that were lost leave the verdict open, whatever else agrees`, (t) => {
    t.like(judge(cell, crash({ [kind]: LOST })), { verdict: 'unknown', reason });
    t.is(judge(cell, crash({ [kind]: { missing: 'left out on request' } })).verdict, 'pass');
  });
}

test('what contradicts fails, whatever else was lost', (t) => {
  const client = ran(['connect ok', 'send ok', 'read eof']);
  t.is(judge(cell, crash({ client, packets: LOST })).verdict, 'fail');
});

test('a state that did not come while evidence was lost may have been there', (t) => {
  const more = { problem: 'it did not come', packets: LOST };
  const reason = 'the packets were lost: it has ended; it did not come';
  t.like(judge(cell, crash(more)), { verdict: 'unknown', reason });
});

test('witnesses who agree with the lab must agree with one another', (t) => {
  const reasonOf = (more: Partial<Observation>) => judge(cell, crash(more)).reason;
  t.is(
    reasonOf({
      packets: { got: [...REQUEST, packet('server', 'RST ACK', { timeUs: 9_000_000 })] },
    }),
    'packets: expected the RST before the end of read; observed it after',
  );
  const { counters } = crash();
  const { client, server } = 'got' in counters ? counters.got : { client: {}, server: {} };
  t.is(
    reasonOf({ counters: { got: { client: { ...client, ActiveOpens: 2 }, server } } }),
    'kernel: expected 1 connection of the client; observed ActiveOpens 2 on the client',
  );
});

test('a client reports its version, one step after the other, and ends in an ordinary way', (t) => {
  const said = ['connect ok', 'send ok', ['read', RESET]] as const;
  const { report } = ran(said);
  const reasonOf = (client: Observation['client']) => judge(cell, crash({ client })).reason;
  t.is(
    reasonOf(ran(said, { report: { ...report, version: null } })),
    'program: expected the version of the runtime; observed none',
  );
  const [connect, ...rest] = report.steps;
  const nested = connect && { ...connect, end: { timeUs: 1_004_500, outcome: 'ok' as const } };
  t.is(
    reasonOf(ran(said, { report: { ...report, steps: [...(nested ? [nested] : []), ...rest] } })),
    'program: expected send after the end of connect; observed send before the end of connect',
  );
  t.is(
    reasonOf(ran(said, { exitStatus: 139 })),
    'program: expected an end with status 0 or 1; observed status 139',
  );
});
