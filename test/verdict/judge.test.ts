import test from 'ava';
import type { Observation } from '../../runners/evidence/observation.ts';
import { expectationFor, judge } from '../../runners/verdict/judge.ts';
import { CRASH, cellOf, crash, LANGUAGES, RESET, ran } from '../_observation.ts';

const cell = cellOf();
const MISSING = { missing: 'left out on request' };

test('a cell of which all three witnesses agree passes', (t) => {
  const { verdict, reason, findings } = judge(cell, crash());
  t.is(verdict, 'pass');
  t.is(reason, 'program, packets and kernel agree: socket RST from server, no FIN');
  t.deepEqual(
    Object.values(findings).map(({ agreement }) => agreement),
    ['agrees', 'agrees', 'agrees'],
  );
});

test('an exception with one other word fails the cell, though the network agrees', (t) => {
  const error = { ...RESET, message: '[Errno 104] Connection reset by pear' };
  const client = ran(['connect ok', 'send ok', ['read', error]]);
  const { verdict, reason } = judge(cell, crash({ client }));
  t.is(verdict, 'fail');
  t.is(
    reason,
    'program: expected read: ConnectionResetError: [Errno 104] Connection reset by peer (ECONNRESET); observed read: ConnectionResetError: [Errno 104] Connection reset by pear (ECONNRESET)',
  );
});

// Of each witness: what agrees, what contradicts, and what is missing.
const program: Partial<Observation>[] = [
  {},
  { client: ran(['connect ok', 'send ok', 'read eof', 'close ok']) },
  { client: null },
];
const packets: Partial<Observation>[] = [{}, { packets: { got: [] } }, { packets: MISSING }];
const kernel: Partial<Observation>[] = [
  {},
  { counters: { got: { client: { ActiveOpens: 1 }, server: {} } } },
  { counters: MISSING, resets: MISSING },
];
const SAYS = ['agrees', 'contradicts', 'unavailable'] as const;

for (const [p, byProgram] of program.entries()) {
  for (const [n, byPackets] of packets.entries()) {
    for (const [k, byKernel] of kernel.entries()) {
      const says = [SAYS[p], SAYS[n], SAYS[k]];
      const wanted = says.includes('contradicts')
        ? 'fail'
        : says[0] === 'agrees' && says.slice(1).includes('agrees')
          ? 'pass'
          : 'unknown';
      test(`program ${says[0]}, packets ${says[1]}, kernel ${says[2]}: ${wanted}`, (t) => {
        const { verdict, reason, findings } = judge(
          cell,
          crash({ ...byProgram, ...byPackets, ...byKernel }),
        );
        t.deepEqual(
          Object.values(findings).map(({ agreement }) => agreement),
          says as never,
        );
        t.is(verdict, wanted);
        if (wanted === 'fail') {
          const witness = ['program', 'packets', 'kernel'][says.indexOf('contradicts')];
          t.regex(reason, new RegExp(`^${witness}: expected .+; observed .+`));
        }
      });
    }
  }
}

test('the reason of a pass names only the witnesses that were there', (t) => {
  t.is(
    judge(cell, crash({ packets: MISSING })).reason,
    'program and kernel agree: socket RST from server, no FIN',
  );
});

test('the reason of an unknown says what was not there, and why', (t) => {
  const missing = { packets: MISSING, counters: MISSING, resets: MISSING };
  t.is(
    judge(cell, crash(missing)).reason,
    'no witness of the network: packets (left out on request), kernel (left out on request)',
  );
  t.is(
    judge(cell, crash({ client: null })).reason,
    'the program is no witness: the client reported no step',
  );
});

test('a fault that met no connection fails the cell, though all witnesses agree', (t) => {
  const action = { what: 'SIGKILL to the server', timeUs: 1, touched: 0 };
  const { verdict, reason } = judge(cell, crash({ actions: [action] }));
  t.is(verdict, 'fail');
  t.is(reason, 'the fault met no connection: SIGKILL to the server');
});

test('of several actions of a fault one must have met a connection', (t) => {
  const action = { what: 'SIGSTOP to the client', timeUs: 1, touched: 0 };
  const { actions } = crash();
  t.is(judge(cell, crash({ actions: [action, ...actions] })).verdict, 'pass');
  t.is(judge(cell, crash({ actions: [action, action] })).verdict, 'fail');
});

test('a fault that only waits has no action to meet anything', (t) => {
  t.is(judge(cell, crash({ actions: [] })).verdict, 'pass');
});

test('a state that did not come fails the cell, though all witnesses agree', (t) => {
  const problem = '"read begin" of the client did not come within 15 s';
  const { verdict, reason } = judge(cell, crash({ problem }));
  t.is(verdict, 'fail');
  t.is(reason, problem);
});

test('a true exception of a language is expected of that language alone', (t) => {
  const expect = { ...CRASH.expect, client: ['connect ok', 'send ok', 'read eof'] } as const;
  const lab = { ...CRASH, differs: { node: { because: 'it reads unasked', expect } } };
  t.is(expectationFor(lab, 'node'), expect);
  t.is(expectationFor(lab, 'python'), CRASH.expect);
  t.is(expectationFor(lab, 'constructor'), CRASH.expect);
  const eof = crash({ client: ran(['connect ok', 'send ok', 'read eof']) });
  t.is(judge({ lab, client: LANGUAGES.node }, eof).verdict, 'pass');
  t.is(judge({ lab, client: LANGUAGES.python }, eof).verdict, 'fail');
});
