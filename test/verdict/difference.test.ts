import test from 'ava';
import type { Difference } from '../../runners/catalog/difference.ts';
import type { Alternative, Expectation } from '../../runners/catalog/expectation.ts';
import type { Observation } from '../../runners/evidence/observation.ts';
import { differenceOfCell, possibleOutcomes } from '../../runners/verdict/difference.ts';
import { judge } from '../../runners/verdict/judge.ts';
import {
  CRASH_EXPECTED,
  cellOf,
  crash,
  LANGUAGES,
  LINK,
  packet,
  REQUEST,
  ran,
} from '../_observation.ts';

const EOF: Expectation = {
  client: ['connect ok', 'send ok', 'read eof', 'close ok'],
  packets: { rst: 'none', fin: 'both' },
  kernel: { client: {}, server: {}, reason: 'none' },
};
const CLOSED: Partial<Observation> = {
  client: ran(['connect ok', 'send ok', 'read eof', 'close ok']),
  packets: { got: [...REQUEST, packet('server', 'FIN ACK'), packet('client', 'FIN ACK')] },
  counters: { got: { client: { ActiveOpens: 1 }, server: { PassiveOpens: 1 } } },
  resets: { got: [] },
};
const MISSING = { missing: 'left out on request' };
const DIFFERENCE: Difference = { client: 'python', because: 'x', link: LINK, expect: EOF };
const RESET: Alternative = { ...CRASH_EXPECTED, outcome: 'reset', because: 'the RST was first' };
const FIN: Alternative = { ...EOF, outcome: 'end of file', because: 'the FIN was first' };

function differenceIn(
  seen: Partial<Observation>,
  { difference = DIFFERENCE, expect = CRASH_EXPECTED as Expectation | Alternative[] } = {},
) {
  const cell = cellOf({ expect, differs: [difference] });
  const observation = crash(seen);
  const judgement = judge(cell, observation);
  return { ...differenceOfCell(cell, { observation, judgement }), verdict: judgement.verdict };
}

test('a difference that is met where the lab’s own expectation is contradicted is needed', (t) => {
  t.like(differenceIn(CLOSED), { verdict: 'pass', needed: true });
});

test('a difference is not needed if all witnesses agree with the lab’s own expectation, too', (t) => {
  const difference = { ...DIFFERENCE, expect: CRASH_EXPECTED };
  t.like(differenceIn({}, { difference }), { verdict: 'pass', needed: false });
});

test('a cell that fails by its difference and agrees with the lab’s own expectation does not need it', (t) => {
  t.like(differenceIn({}), { verdict: 'fail', needed: false });
});

test('a cell that meets neither says nothing of the need', (t) => {
  t.like(differenceIn({ ...CLOSED, packets: { got: REQUEST } }), { verdict: 'fail', needed: null });
  t.like(differenceIn({ problem: 'it did not come to its end' }), {
    verdict: 'fail',
    needed: null,
  });
});

test('with a witness missing nobody can say that a difference is not needed', (t) => {
  const difference = { ...DIFFERENCE, expect: CRASH_EXPECTED };
  t.like(differenceIn({ packets: MISSING }, { difference }), { verdict: 'pass', needed: null });
  t.like(differenceIn({ counters: MISSING, resets: MISSING }, { difference }), {
    verdict: 'pass',
    needed: null,
  });
});

test('that it is needed may be seen without all witnesses', (t) => {
  t.like(differenceIn({ ...CLOSED, packets: MISSING }), { verdict: 'pass', needed: true });
});

test('what is unknown says nothing of the need', (t) => {
  t.like(differenceIn({ client: null }), { verdict: 'fail', needed: null });
  const difference = { ...DIFFERENCE, expect: CRASH_EXPECTED };
  t.like(differenceIn({ client: null }, { difference }), { verdict: 'unknown', needed: null });
});

test('of alternatives that the lab has itself none needs the difference, another does', (t) => {
  const difference = { ...DIFFERENCE, expect: [RESET, FIN] };
  t.like(differenceIn({}, { difference }), { verdict: 'pass', needed: false });
  t.like(differenceIn(CLOSED, { difference }), { verdict: 'pass', needed: true });
  const expect = [RESET, FIN];
  t.like(differenceIn(CLOSED, { difference, expect }), { verdict: 'pass', needed: false });
});

test('another difference that would fit is what the lab expects without the first', (t) => {
  const differs = [DIFFERENCE, { server: 'python', because: 'y', link: LINK, expect: EOF }];
  const cell = cellOf({ differs });
  const observation = crash(CLOSED);
  const judgement = judge(cell, observation);
  t.is(differenceOfCell(cell, { observation, judgement })?.needed, false);
});

test('a difference of one exact outcome leaves nothing to chance', (t) => {
  const byChance = (expect: Difference['expect']) =>
    differenceOfCell(cellOf({ differs: [{ ...DIFFERENCE, expect }] }))?.byChance;
  t.false(byChance(EOF));
  t.false(byChance(CRASH_EXPECTED));
  t.true(byChance([RESET, FIN]));
  const { kernel } = CRASH_EXPECTED;
  t.true(byChance({ ...EOF, kernel: { ...kernel, server: { OutRsts: 'some' } } }));
  const reason = { from: 'server', is: ['TCP_FLAGS', 'NO_SOCKET'] } as const;
  t.true(byChance({ ...EOF, kernel: { ...kernel, reason } }));
  t.true(byChance({ ...EOF, kernel: { ...kernel, reason: [reason] } }));
});

test('a difference is told with its languages and its link, before anything was seen as well', (t) => {
  const difference = { server: 'python', because: 'x', link: LINK, expect: EOF };
  t.deepEqual(differenceOfCell(cellOf({ differs: [difference] })), {
    ...{ client: null, server: 'python', link: LINK, byChance: false, needed: null },
  });
  t.is(differenceOfCell(cellOf({ differs: [{ ...difference, server: 'java' }] })), null);
  t.is(differenceOfCell(cellOf()), null);
});

test('possible outcomes are those of the cell’s languages', (t) => {
  const names = (expect: Expectation | Alternative[], client = LANGUAGES.python) => {
    const differs = [{ client: 'node', because: 'x', link: LINK, expect: EOF }];
    return possibleOutcomes(cellOf({ expect, differs }, { client })).map(({ name }) => name);
  };
  t.deepEqual(names([RESET, FIN]), ['reset', 'end of file']);
  t.deepEqual(names(EOF), []);
  t.deepEqual(names([RESET, FIN], LANGUAGES.node), []);
});
