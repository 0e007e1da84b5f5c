import test from 'ava';
import type { Expectation } from '../../runners/catalog/expectation.ts';
import { type Counters, RESET_COUNTERS } from '../../runners/evidence/counters.ts';
import type { TracedReset } from '../../runners/evidence/resets.ts';
import { judgeKernel, reasonsOf } from '../../runners/verdict/kernel.ts';
import { CRASH_EXPECTED, crash, PEER } from '../_observation.ts';

const EXPECTED = CRASH_EXPECTED.kernel;
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
      'server: NO_SOCKET, server: TCP_ABORT_ON_CLOSE',
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
  const connection = { port: PEER.port, peer: 'server' } as const;
  const got = [sent('TCP_STATE'), sent('NO_SOCKET', 'client'), sent(null), received];
  t.deepEqual(reasonsOf({ got }, connection), [
    { from: 'server', reason: 'TCP_STATE' },
    { from: 'client', reason: 'NO_SOCKET' },
  ]);
  t.is(reasonsOf(MISSING, connection), null);
});

test('that no reset was traced is no agreement without the counters', (t) => {
  const expected = { client: {}, server: {}, reason: 'none' } as const;
  t.is(judged({ counters: MISSING, resets: { got: [] } }, expected).agreement, 'unavailable');
  const traced = { counters: MISSING, resets: { got: [sent('NO_SOCKET')] } };
  t.is(judged(traced, expected).agreement, 'contradicts');
});

const RECEIVED_ONLY: Expectation['kernel'] = {
  client: { EstabResets: 1 },
  server: {},
  reason: 'received only',
};
const forged = { got: { client: { ActiveOpens: 1, EstabResets: 1 }, server: {} } };

function received(by: 'client' | 'server' = 'client'): TracedReset {
  return { ...sent(null, by), event: 'received' };
}

test('a reset that only was received agrees where no host has sent it', (t) => {
  const resets = { got: [received()] };
  t.is(judged({ counters: forged, resets }, RECEIVED_ONLY).agreement, 'agrees');
  t.is(judged({ counters: MISSING, resets }, RECEIVED_ONLY).agreement, 'agrees');
});

test('where a reset is received only, one that was sent contradicts', (t) => {
  for (const [reason, observed] of [
    ['NO_SOCKET', 'server: NO_SOCKET'],
    // Kernels that state no reason tell all the same that a reset was sent.
    [null, 'a reset sent'],
    ['NOT_SPECIFIED', 'a reset sent'],
  ] as const) {
    const resets = { got: [sent(reason), received()] };
    t.deepEqual(judged({ counters: forged, resets }, RECEIVED_ONLY), {
      agreement: 'contradicts',
      expected: 'a reset received that no host has sent',
      observed,
    });
  }
});

test('where a reset is received only, none received contradicts', (t) => {
  t.deepEqual(judged({ counters: forged, resets: { got: [] } }, RECEIVED_ONLY), {
    agreement: 'contradicts',
    expected: 'a reset received that no host has sent',
    observed: 'no reset traced',
  });
});

test('a reset that only was received contradicts where none is expected, or a sent one', (t) => {
  const resets = { got: [received()] };
  const counters = { got: { client: { ActiveOpens: 1 }, server: {} } };
  for (const found of [judged({ counters, resets }, NOTHING), judged({ resets })]) {
    t.is(found.agreement, 'contradicts');
    t.is(found.observed, 'a reset received that no host has sent');
  }
});

test('a reset that was sent without a reason contradicts where none is expected', (t) => {
  const counters = { got: { client: { ActiveOpens: 1 }, server: {} } };
  for (const missing of [{ counters }, { counters: MISSING }]) {
    const found = judged({ ...missing, resets: { got: [sent(null)] } }, NOTHING);
    t.is(found.agreement, 'contradicts');
  }
});

test('of several stated reasons none may be missing and none too many', (t) => {
  const expected: Expectation['kernel'] = {
    ...EXPECTED,
    reason: [
      { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
      { from: 'client', is: 'TCP_STATE' },
    ],
  };
  const [one, other] = [sent('TCP_ABORT_ON_CLOSE'), sent('TCP_STATE', 'client')];
  const agreement = (...got: TracedReset[]) => judged({ resets: { got } }, expected).agreement;
  t.is(agreement(one, other), 'agrees');
  t.is(agreement(other, one, one), 'agrees', 'neither order nor number counts');
  t.is(agreement(one), 'contradicts', 'one is missing');
  t.is(agreement(other), 'contradicts', 'the other is missing');
  t.is(agreement(one, other, sent('NO_SOCKET')), 'contradicts', 'one too many');
  t.is(agreement(one, sent('TCP_STATE')), 'contradicts', 'of another side');
  t.is(agreement(), 'contradicts');
});

test('the counters of a load balancer are judged like those of a host', (t) => {
  const expected: Expectation['kernel'] = {
    client: { EstabResets: 1 },
    balancer: { OutRsts: 1 },
    server: {},
    reason: { from: 'balancer', is: 'TCP_TIMEWAIT_SOCKET' },
  };
  const resets = { got: [sent('TCP_TIMEWAIT_SOCKET')] };
  const counted = (balancer?: Counters, of = expected) => {
    const got = { client: { ActiveOpens: 1, EstabResets: 1 }, server: {} };
    const counters = { got: { ...got, ...(balancer && { balancer }) } };
    return judgeKernel(of, { counters, resets, port: PEER.port, peer: 'balancer' });
  };
  const text =
    'client: EstabResets 1; balancer: OutRsts 1; server: no reset counted; balancer: TCP_TIMEWAIT_SOCKET';
  t.deepEqual(counted({ OutRsts: 1, InSegs: 9 }), {
    agreement: 'agrees',
    expected: text,
    observed: text,
  });
  t.is(counted({ OutRsts: 2 }).agreement, 'contradicts');
  t.is(counted({}).agreement, 'contradicts');
  t.is(counted().agreement, 'contradicts');
  const { balancer: _, ...unnamed } = expected;
  t.is(counted({ OutRsts: 1 }, unnamed).agreement, 'contradicts', 'it is not named');
  t.is(counted({}, unnamed).agreement, 'agrees');
});

test('“some” is one or more, never none', (t) => {
  const expected: Expectation['kernel'] = {
    ...EXPECTED,
    server: { ...EXPECTED.server, OutRsts: 'some' },
  };
  const counted = (count: number) =>
    judged({ counters: { got: { client, server: { ...server, OutRsts: count } } } }, expected);
  t.is(counted(1).agreement, 'agrees');
  t.is(counted(7).agreement, 'agrees');
  t.is(counted(0).agreement, 'contradicts');
  t.regex(counted(0).expected, /OutRsts some/);
});

test('the client’s peer gave the reasons of the resets from its port', (t) => {
  const got = [sent('NO_SOCKET')];
  t.deepEqual(reasonsOf({ got }, { port: PEER.port, peer: 'balancer' }), [
    { from: 'balancer', reason: 'NO_SOCKET' },
  ]);
});

test('of reasons of which any may be stated, each that was stated must be one', (t) => {
  const expected: Expectation['kernel'] = {
    ...EXPECTED,
    reason: { from: 'server', is: ['TCP_STATE', 'NO_SOCKET'] },
  };
  const of = (...got: TracedReset[]) => judged({ resets: { got } }, expected);
  t.is(of(sent('TCP_STATE')).agreement, 'agrees');
  t.is(of(sent('NO_SOCKET')).agreement, 'agrees');
  t.is(of(sent('TCP_STATE'), sent('NO_SOCKET')).agreement, 'agrees');
  t.is(of(sent('TCP_STATE'), sent('TCP_FLAGS')).agreement, 'contradicts');
  t.is(of(sent('NO_SOCKET', 'client')).agreement, 'contradicts');
  t.like(of(), {
    agreement: 'contradicts',
    expected: 'server: TCP_STATE or NO_SOCKET',
    observed: 'no reset traced',
  });
});
