import type { Expectation } from '../catalog/lab.ts';
import { type Counters, RESET_COUNTERS } from '../evidence/counters.ts';
import type { Collected, Observation } from '../evidence/observation.ts';
import type { TracedReset } from '../evidence/resets.ts';
import { agrees, contradicts, type Finding, unavailable } from './finding.ts';

/** A kernel that gives this reason gives none: so said Linux 6.10 and 6.11 of every active reset. */
const NO_REASON = 'NOT_SPECIFIED';

/** Holds the kernels' counters and, where it can be read, the kernel's stated reason against the expectation. */
export function judgeKernel(
  expected: Expectation['kernel'],
  { counters, resets, port }: Pick<Observation, 'counters' | 'resets' | 'port'>,
): Finding {
  const byCounters = judgeCounters(expected, counters);
  const byReason = judgeReason(expected.reason, resets, port);
  // That no reset was traced proves nothing alone: there may have been no connection.
  if (
    expected.reason === 'none' &&
    byCounters.agreement === 'unavailable' &&
    byReason.agreement === 'agrees'
  ) {
    return byCounters;
  }
  const findings = [byCounters, byReason];
  const collected = findings.filter(({ agreement }) => agreement !== 'unavailable');
  const [first] = collected;
  if (first === undefined) return findings[0] as Finding;
  const wrong = collected.find(({ agreement }) => agreement === 'contradicts');
  if (wrong) return wrong;
  const join = (key: 'expected' | 'observed') =>
    collected.map((finding) => finding[key]).join('; ');
  return agrees(join('expected'), join('observed'));
}

/** The reasons that the kernel gave for the resets which a side sent. */
export function reasonsOf(
  resets: Collected<readonly TracedReset[]>,
  port: number,
): { from: 'client' | 'server'; reason: string }[] | null {
  if ('missing' in resets) return null;
  return resets.got.flatMap(({ event, source, reason }) =>
    event === 'sent' && reason !== null
      ? { from: source.port === port ? ('server' as const) : ('client' as const), reason }
      : [],
  );
}

function judgeCounters(
  expected: Expectation['kernel'],
  counters: Observation['counters'],
): Finding {
  const wanted = both(expected.client, expected.server);
  if ('missing' in counters) return unavailable(wanted, counters.missing);
  const { client, server } = counters.got;
  // Without this, a cell in which nothing happened would agree with every lab without a reset.
  if ((client.ActiveOpens ?? 0) === 0) {
    return contradicts(wanted, 'ActiveOpens 0 on the client: no connection was tried');
  }
  const observed = both(onlyResets(client), onlyResets(server));
  const agree = sameCounts(expected.client, client) && sameCounts(expected.server, server);
  return agree ? agrees(wanted, observed) : contradicts(wanted, observed);
}

function judgeReason(
  expected: Expectation['kernel']['reason'],
  resets: Observation['resets'],
  port: number,
): Finding {
  const wanted = expected === 'none' ? 'no reset traced' : `${expected.from}: ${expected.is}`;
  if ('missing' in resets) return unavailable(wanted, resets.missing);
  const sent = resets.got.filter(({ event }) => event === 'sent');
  const reasons = reasonsOf(resets, port) ?? [];
  if (
    sent.length > 0 &&
    (reasons.length === 0 || reasons.every(({ reason }) => reason === NO_REASON))
  ) {
    return unavailable(wanted, 'this kernel does not state why it sends a RST');
  }
  const stated = [...new Set(reasons.map(({ from, reason }) => `${from}: ${reason}`))];
  const observed = stated.join(', ') || 'no reset traced';
  return observed === wanted ? agrees(wanted) : contradicts(wanted, observed);
}

function sameCounts(expected: Counters, observed: Counters): boolean {
  return RESET_COUNTERS.every((name) => (expected[name] ?? 0) === (observed[name] ?? 0));
}

function onlyResets(counters: Counters): Counters {
  return Object.fromEntries(
    RESET_COUNTERS.flatMap((name) => (counters[name] ? [[name, counters[name]]] : [])),
  );
}

function both(client: Counters, server: Counters): string {
  const of = (side: string, counters: Counters) => {
    const counts = Object.entries(counters).map(([name, count]) => `${name} ${count}`);
    return `${side} ${counts.sort().join(', ') || 'no reset counted'}`;
  };
  return `${of('client:', client)}; ${of('server:', server)}`;
}
