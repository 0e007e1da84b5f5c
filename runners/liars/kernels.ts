import type { Counters } from '../evidence/counters.ts';
import type { HostCounters, Observation } from '../evidence/observation.ts';
import { resetsBetween, type TracedReset } from '../evidence/resets.ts';
import type { Recorded } from '../recording.ts';
import type { Lie, Others } from './lie.ts';

type KernelLie = Omit<Extract<Lie, { tamper: unknown }>, 'story' | 'verdict' | 'caughtBy'> &
  Partial<Pick<Lie, 'story' | 'verdict' | 'caughtBy'>>;

/** With other counters. */
function counted(change: (own: HostCounters, others: Others) => HostCounters) {
  return ({ observed: { observation } }: Recorded, others: Others): Observation => {
    return { ...observation, counters: { got: change(countersOf(observation), others) } };
  };
}

/** With another trace. */
function traced(change: (own: readonly TracedReset[], others: Others) => readonly TracedReset[]) {
  return ({ observed: { observation } }: Recorded, others: Others): Observation => {
    // Of what an engine traces, each cell takes its own.
    const { addresses, port } = observation;
    const all = change(resetsOf(observation), others);
    const got = resetsBetween(all, Object.values(addresses), port);
    return { ...observation, resets: { got } };
  };
}

function countersOf({ counters }: Observation): HostCounters {
  if ('got' in counters) return counters.got;
  throw new Error(`no counters: ${counters.missing}`);
}

function resetsOf({ resets }: Observation): readonly TracedReset[] {
  if ('got' in resets) return resets.got;
  throw new Error(`no trace: ${resets.missing}`);
}

function sum(one: Counters, other: Counters): Counters {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

function sums(one: HostCounters, other: HostCounters): HostCounters {
  return { client: sum(one.client, other.client), server: sum(one.server, other.server) };
}

function without(counters: Counters, left: string): Counters {
  return Object.fromEntries(Object.entries(counters).filter(([name]) => name !== left));
}

/** The other end of each, on the same connection. */
function turned({ source, destination, ...reset }: TracedReset): TracedReset {
  return { ...reset, source: destination, destination: source };
}

const LIES: readonly KernelLie[] = [
  {
    name: "another lab's counters",
    lie: 'the counters are those of a lab in which the server was killed',
    of: 'counters',
    tamper: counted((_, { of }) => countersOf(of('crash-server').observed.observation)),
    says: /^kernel: expected .*TCPAbortOnData 1.*; observed .*TCPAbortOnClose 1/,
  },
  {
    name: 'counters of a run without a reset',
    lie: 'the counters are those of a connection that ended well',
    of: 'counters',
    tamper: counted((_, { of }) => countersOf(of('hello').observed.observation)),
    says: /^kernel: expected .*; observed client: no reset counted; server: no reset counted$/,
  },
  {
    name: 'counters of two runs',
    lie: 'the counters are the sums of this run and another of the same lab',
    of: 'counters',
    tamper: counted((own, { later }) => sums(own, countersOf(later.observed.observation))),
    says: /^kernel: expected .*OutRsts 1.*; observed client: EstabResets 2; server: .*OutRsts 2/,
  },
  {
    name: 'counters of two runs without a reset',
    lie: 'the counters are sums, and neither run had a reset',
    of: 'counters',
    story: 'hello',
    tamper: counted((own) => sums(own, own)),
    says: /^kernel: expected 1 connection of the client; observed ActiveOpens 2 on the client$/,
  },
  {
    name: 'counters that changed places',
    lie: "the client's counters are the server's, and the server's the client's",
    of: 'counters',
    tamper: counted(({ client, server }) => ({ client: server, server: client })),
    says: /^kernel: expected .*; observed ActiveOpens 0 on the client: no connection was tried$/,
  },
  {
    name: 'counters that count nothing',
    lie: 'no host has counted anything',
    of: 'counters',
    tamper: counted(() => ({ client: {}, server: {} })),
    says: /^kernel: expected .*; observed ActiveOpens 0 on the client: no connection was tried$/,
  },
  {
    name: 'a counter that was left out',
    lie: 'the server has not counted the RST that it sent',
    of: 'counters',
    tamper: counted(({ client, server }) => ({ client, server: without(server, 'OutRsts') })),
    says: /^kernel: expected .*OutRsts 1.*; observed client: EstabResets 1; server: EstabResets 1, TCPAbortOnData 1$/,
  },
  {
    name: 'a counter that was put in',
    lie: 'the client has counted a RST that it never sent',
    of: 'counters',
    tamper: counted(({ client, server }) => ({ client: { ...client, OutRsts: 1 }, server })),
    says: /^kernel: expected client: EstabResets 1; .*; observed client: EstabResets 1, OutRsts 1; /,
  },
  {
    name: 'lost counters',
    lie: 'the counters could be read, and were lost',
    of: 'counters',
    tamper: ({ observed: { observation } }) => ({
      ...observation,
      counters: { missing: 'the agent has ended', lost: true },
    }),
    verdict: 'unknown',
    // The trace is a witness still, but not of all that was promised.
    caughtBy: [],
    says: /^the counters were lost: the agent has ended$/,
  },
  {
    name: 'another reason',
    lie: 'the kernel gives another reason for the RST',
    of: 'trace',
    tamper: traced((own) =>
      own.map((one) => (one.event === 'sent' ? { ...one, reason: 'TCP_ABORT_ON_CLOSE' } : one)),
    ),
    says: /^kernel: expected server: TCP_STATE; observed server: TCP_ABORT_ON_CLOSE$/,
  },
  {
    name: 'a trace of the other side',
    lie: 'the trace says that the client sent the RST',
    of: 'trace',
    tamper: traced((own) => own.map(turned)),
    says: /^kernel: expected server: TCP_STATE; observed client: TCP_STATE$/,
  },
  {
    name: "another cell's trace",
    lie: 'the trace is that of another cell of the same lab, on another port',
    of: 'trace',
    tamper: traced((_, { later }) => resetsOf(later.observed.observation)),
    says: /^kernel: expected server: TCP_STATE; observed no reset traced$/,
  },
  {
    name: 'an empty trace',
    lie: 'the kernel has traced no reset',
    of: 'trace',
    tamper: traced(() => []),
    says: /^kernel: expected server: TCP_STATE; observed no reset traced$/,
  },
  {
    name: 'a trace that was put in',
    lie: 'the kernel has traced a reset of a connection that ended well',
    of: 'trace',
    story: 'hello',
    tamper: ({ observed: { observation } }, { of }) => ({
      ...observation,
      resets: { got: inTheNameOf(observation, of('abort').observed.observation) },
    }),
    says: /^kernel: expected no reset traced; observed server: TCP_STATE$/,
  },
  {
    name: "a firewall's RST that the server has sent",
    lie: "the trace says that the server sent the firewall's RST",
    of: 'trace',
    story: 'firewall-reset',
    tamper: ({ observed: { observation } }, { of }) => ({
      ...observation,
      resets: { got: inTheNameOf(observation, of('abort').observed.observation) },
    }),
    says: /^kernel: expected a reset received that no host has sent; observed server: TCP_STATE$/,
  },
  {
    name: 'a lost trace',
    lie: 'the trace could be read, and was lost',
    of: 'trace',
    tamper: ({ observed: { observation } }) => ({
      ...observation,
      resets: { missing: 'the tracer of the kernel has ended', lost: true },
    }),
    verdict: 'unknown',
    caughtBy: [],
    says: /^the trace was lost: the tracer of the kernel has ended$/,
  },
];

/** What was traced of another cell, with the ends of this one. */
function inTheNameOf({ port, addresses }: Observation, other: Observation): TracedReset[] {
  const named = (end: TracedReset['source']) =>
    end.port === other.port
      ? { address: addresses.peer, port }
      : { address: addresses.client, port: end.port };
  return resetsOf(other).map((reset) => ({
    ...reset,
    source: named(reset.source),
    destination: named(reset.destination),
  }));
}

/** Lies of counters and of the kernel's trace, of a true cell. */
export const KERNEL_LIES: readonly Lie[] = LIES.map((lie) => ({
  ...{ story: 'abort', verdict: 'fail', caughtBy: ['kernel'] },
  ...lie,
}));
