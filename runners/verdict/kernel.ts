import type { Expectation, ExpectedCounts, StatedReason } from '../catalog/expectation.ts';
import type { Side } from '../evidence/connection.ts';
import { type Counters, RESET_COUNTERS } from '../evidence/counters.ts';
import type { Collected, Observation } from '../evidence/observation.ts';
import type { TracedReset } from '../evidence/resets.ts';
import { agrees, contradicts, type Finding, unavailable } from './finding.ts';

/** A kernel that gives this reason gives none: so said Linux 6.10 and 6.11 of every active reset. */
const NO_REASON = 'NOT_SPECIFIED';

/** Holds the kernels' counters and, where it can be read, the kernel's stated reason against the expectation. */
export function judgeKernel(
  expected: Expectation['kernel'],
  { counters, resets, port, peer }: Pick<Observation, 'counters' | 'resets' | 'port' | 'peer'>,
): Finding {
  const byCounters = judgeCounters(expected, counters);
  const byReason = judgeReason(expected.reason, resets, { port, peer });
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
  { port, peer }: Pick<Observation, 'port' | 'peer'>,
): { from: Side; reason: string }[] | null {
  if ('missing' in resets) return null;
  return resets.got.flatMap(({ event, source, reason }) =>
    event === 'sent' && reason !== null
      ? { from: source.port === port ? peer : ('client' as const), reason }
      : [],
  );
}

function judgeCounters(
  expected: Expectation['kernel'],
  counters: Observation['counters'],
): Finding {
  const wanted = described(expected);
  if ('missing' in counters) return unavailable(wanted, counters.missing);
  const { client, server, balancer = {} } = counters.got;
  // Without this, a cell in which nothing happened would agree with every lab without a reset.
  if ((client.ActiveOpens ?? 0) === 0) {
    return contradicts(wanted, 'ActiveOpens 0 on the client: no connection was tried');
  }
  const observed = described({
    client: onlyResets(client),
    server: onlyResets(server),
    ...(counters.got.balancer && { balancer: onlyResets(balancer) }),
  });
  const agree =
    sameCounts(expected.client, client) &&
    sameCounts(expected.server, server) &&
    sameCounts(expected.balancer ?? {}, balancer);
  return agree ? agrees(wanted, observed) : contradicts(wanted, observed);
}

function judgeReason(
  expected: Expectation['kernel']['reason'],
  resets: Observation['resets'],
  connection: Pick<Observation, 'port' | 'peer'>,
): Finding {
  const wanted = describedReason(expected);
  if ('missing' in resets) return unavailable(wanted, resets.missing);
  const sent = resets.got.filter(({ event }) => event === 'sent');
  const reasons = reasonsOf(resets, connection) ?? [];
  const isSilent = reasons.every(({ reason }) => reason === NO_REASON);
  if (sent.length > 0 && isSilent && (expected === 'none' || expected === 'received only')) {
    return contradicts(wanted, 'a reset sent');
  }
  if (sent.length > 0 && isSilent) {
    return unavailable(wanted, 'this kernel does not state why it sends a RST');
  }
  const received = resets.got.some(({ event }) => event === 'received');
  const observed =
    reasons.length > 0
      ? listed(reasons.map(({ from, reason }) => `${from}: ${reason}`))
      : describedReason(received ? 'received only' : 'none');
  return agreeReasons(expected, reasons, received) ? agrees(wanted) : contradicts(wanted, observed);
}

function agreeReasons(
  expected: Expectation['kernel']['reason'],
  reasons: readonly { readonly from: Side; readonly reason: string }[],
  received: boolean,
): boolean {
  if (expected === 'none') return reasons.length === 0 && !received;
  if (expected === 'received only') return reasons.length === 0 && received;
  const wanted = 'from' in expected ? [expected] : expected;
  const fits = ({ from, is }: StatedReason, stated: (typeof reasons)[number]) =>
    from === stated.from && (typeof is === 'string' ? [is] : is).includes(stated.reason);
  return (
    reasons.every((stated) => wanted.some((one) => fits(one, stated))) &&
    wanted.every((one) => reasons.some((stated) => fits(one, stated)))
  );
}

function describedReason(reason: Expectation['kernel']['reason']): string {
  if (reason === 'none') return 'no reset traced';
  if (reason === 'received only') return 'a reset received that no host has sent';
  const reasons: readonly StatedReason[] = 'from' in reason ? [reason] : reason;
  return listed(
    reasons.map(({ from, is }) => `${from}: ${typeof is === 'string' ? is : is.join(' or ')}`),
  );
}

function listed(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join(', ');
}

function sameCounts(expected: ExpectedCounts, observed: Counters): boolean {
  return RESET_COUNTERS.every((name) => {
    const [wanted = 0, seen = 0] = [expected[name], observed[name]];
    return wanted === 'some' ? seen > 0 : wanted === seen;
  });
}

function onlyResets(counters: Counters): Counters {
  return Object.fromEntries(
    RESET_COUNTERS.flatMap((name) => (counters[name] ? [[name, counters[name]]] : [])),
  );
}

function described({
  client,
  server,
  balancer,
}: Pick<Expectation['kernel'], 'client' | 'server' | 'balancer'>): string {
  const of = (side: string, counters: ExpectedCounts) => {
    const counts = Object.entries(counters).map(([name, count]) => `${name} ${count}`);
    return `${side}: ${counts.sort().join(', ') || 'no reset counted'}`;
  };
  const middle = balancer ? [of('balancer', balancer)] : [];
  return [of('client', client), ...middle, of('server', server)].join('; ');
}
