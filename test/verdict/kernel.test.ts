import test from 'ava';
import type { Expectation } from '../../runners/catalog/lab.ts';
import { type Counters, RESET_COUNTERS } from '../../runners/evidence/counters.ts';
import type { TracedReset } from '../../runners/evidence/resets.ts';
import { judgeKernel, reasonsOf } from '../../runners/verdict/kernel.ts';
import { CRASH, crash, PEER } from '../_observation.ts';

const EXPECTED = CRASH.expect.kernel;
const NOTHING: Expectation['kernel'] = { client: {}, server: {}, reason: 'none' };
const MISSING = { missing: 'for root only' };
const { client, server } = (crash().counters as { got: Record<'client' | 'server', Counters> }).got;

function judged(more: Parameters<typeof crash>[0], expected = EXPECTED) {
  return judgeKernel(expected, crash(more));
}

function sent(reason: string | null, from: 'client' | 'server' = 'server'): TracedReset {
  const other = { address: '192.0.2.1', port: 40_000 };
  const [source, destination] = from === 'server' ? [PEER, other] : [other, PEER];
  return { event: 'sent', source, destination, reason };
}

test('equal counts and an equal reason agree', (t) => {
  const text =
    'client: EstabResets 1; server: EstabResets 1, OutRsts 1, TCPAbortOnClose 1; server: TCP_ABORT_ON_CLOSE';
  t.deepEqual(judged({}), { agreement: 'agrees', expected: text, observed: text });
});

test('another count contradicts, and both are told', (t) => {
  t.deepEqual(judged({ counters: { got: { client, server: { ...server, OutRsts: 2 } } } }), {
    agreement: 'contradicts',
    expected: 'client: EstabResets 1; server: EstabResets 1, OutRsts 1, TCPAbortOnClose 1',
    observed: 'client: EstabResets 1; server: EstabResets 1, OutRsts 2, TCPAbortOnClose 1',
  });
});

test('counts of the other side contradict', (t) => {
  const got = { client: { ...server, ActiveOpens: 1 }, server: client };
  t.is(judged({ counters: { got } }).agreement, 'contradicts');
});

for (const name of RESET_COUNTERS) {
  test(`a count of ${name} that the lab does not name contradicts`, (t) => {
    const opened = { ActiveOpens: 1 };
    const quiet = { resets: { got: [] } };
    const both = (on: 'client' | 'server') => ({
      ...quiet,
      counters: { got: { client: opened, server: {}, [on]: { ...opened, [name]: 1 } } },
    });
    t.is(judged(both('client'), NOTHING).agreement, 'contradicts');
    t.is(judged(both('server'), NOTHING).agreement, 'contradicts');
    const none = { ...quiet, counters: { got: { client: opened, server: {} } } };
    t.is(judged(none, NOTHING).agreement, 'agrees');
  });
}

test('counters that do not tell of resets are not judged', (t) => {
  const got = { client: { ...client, RetransSegs: 3 }, server: { ...server, DelayedACKs: 2 } };
  t.is(judged({ counters: { got } }).agreement, 'agrees');
});

test('counters without a connection do not agree that nothing was wrong', (t) => {
  const found = judged({ counters: { got: { client: {}, server: {} } }, resets: MISSING }, NOTHING);
  t.is(found.agreement, 'contradicts');
  t.is(found.observed, 'ActiveOpens 0 on the client: no connection was tried');
});

test('another reason, another side, or no reset in the trace contradicts', (t) => {
  for (const [got, observed] of [
    [[sent('TCP_STATE')], 'server: TCP_STATE'],
    [[sent('TCP_ABORT_ON_CLOSE', 'client')], 'client: TCP_ABORT_ON_CLOSE'],
    [
      [sent('TCP_ABORT_ON_CLOSE'), sent('NO_SOCKET')],
      'server: TCP_ABORT_ON_CLOSE, server: NO_SOCKET',
    ],
    [[], 'no reset traced'],
  ] as const) {
    t.deepEqual(judged({ resets: { got } }), {
      agreement: 'contradicts',
      expected: 'server: TCP_ABORT_ON_CLOSE',
      observed,
    });
  }
});

test('a reason where no reset is expected contradicts', (t) => {
  const counters = { got: { client: { ActiveOpens: 1 }, server: {} } };
  const found = judged({ counters, resets: { got: [sent('NO_SOCKET')] } }, NOTHING);
  t.is(found.agreement, 'contradicts');
  t.is(found.observed, 'server: NO_SOCKET');
});

test('without the trace the counters alone are judged', (t) => {
  const text = 'client: EstabResets 1; server: EstabResets 1, OutRsts 1, TCPAbortOnClose 1';
  t.deepEqual(judged({ resets: MISSING }), {
    agreement: 'agrees',
    expected: text,
    observed: text,
  });
  const wrong = { counters: { got: { client, server: {} } }, resets: MISSING };
  t.is(judged(wrong).agreement, 'contradicts');
});

test('without the counters the stated reason alone is judged', (t) => {
  t.is(judged({ counters: MISSING }).agreement, 'agrees');
  const wrong = { counters: MISSING, resets: { got: [sent('NO_SOCKET')] } };
  t.is(judged(wrong).agreement, 'contradicts');
});

test('without both the kernel is no witness, and the reason is told', (t) => {
  const found = judged({ counters: { missing: 'left out on request' }, resets: MISSING });
  t.is(found.agreement, 'unavailable');
  t.is(found.observed, 'left out on request');
});

test('a kernel that states no reason is judged by its counters', (t) => {
  for (const reason of [null, 'NOT_SPECIFIED']) {
    t.is(judged({ resets: { got: [sent(reason)] } }).agreement, 'agrees');
    const wrong = { counters: { got: { client, server: {} } }, resets: { got: [sent(reason)] } };
    t.is(judged(wrong).agreement, 'contradicts');
    const alone = judged({ counters: MISSING, resets: { got: [sent(reason)] } });
    t.is(alone.agreement, 'unavailable');
  }
});

test('only sent resets have reasons, each with the side that sent it', (t) => {
  const received: TracedReset = { ...sent('NO_SOCKET'), event: 'received' };
  const got = [sent('TCP_STATE'), sent('NO_SOCKET', 'client'), sent(null), received];
  t.deepEqual(reasonsOf({ got }, PEER.port), [
    { from: 'server', reason: 'TCP_STATE' },
    { from: 'client', reason: 'NO_SOCKET' },
  ]);
  t.is(reasonsOf(MISSING, PEER.port), null);
});

test('that no reset was traced is no agreement without the counters', (t) => {
  const expected = { client: {}, server: {}, reason: 'none' } as const;
  t.is(judged({ counters: MISSING, resets: { got: [] } }, expected).agreement, 'unavailable');
  const traced = { counters: MISSING, resets: { got: [sent('NO_SOCKET')] } };
  t.is(judged(traced, expected).agreement, 'contradicts');
});
