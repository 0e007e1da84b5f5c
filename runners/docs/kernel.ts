import type { Expectation } from '../catalog/expectation.ts';
import { HOSTS_OF, type TopologyName } from '../catalog/topology.ts';
import { RESET_COUNTERS } from '../evidence/counters.ts';
import type { CellResult } from '../results/result.ts';
import { code } from './markdown.ts';

/** Counters of `Tcp:` in /proc/net/snmp; nstat names all others `TcpExt…`. */
const OF_SNMP: readonly string[] = ['OutRsts', 'EstabResets', 'AttemptFails'];

type Reason = Expectation['kernel']['reason'];

/** The reason why the kernel sent a RST: a cell that passed has shown it wherever kernels state it. */
export function reasonShown(reason: Reason): string {
  if (reason === 'none') return 'no reset';
  if (reason === 'received only') return 'no host has sent the RST';
  const reasons = 'from' in reason ? [reason] : reason;
  return reasons.map(({ from, is }) => `${from}: ${namesOf(is).map(code).join(' or ')}`).join(', ');
}

/** What nstat shows of a host's resets, of that which each outcome shows; empty where it counted none. */
export function nstatLines(
  { kernel }: CellResult,
  host: 'client' | 'server' | 'balancer',
  outcomes: readonly Pick<Expectation, 'kernel'>[],
): string[] {
  const counters = kernel.hosts?.[host] ?? {};
  return RESET_COUNTERS.flatMap((name) => {
    const count = counters[name] ?? 0;
    const expected = outcomes.map((one) => one.kernel[host]?.[name]);
    if (count === 0 || expected.includes(undefined)) return [];
    const prefix = OF_SNMP.includes(name) ? 'Tcp' : 'TcpExt';
    const shown = expected.includes('some') ? '1 or more' : String(count);
    return [`${`${prefix}${name}`.padEnd(32)}${shown}`];
  });
}

/** The hosts of a topology which end connections, so that their TCP counts something. */
export function countingHosts(
  topology: TopologyName,
): readonly ('client' | 'server' | 'balancer')[] {
  return HOSTS_OF[topology].flatMap((host) => (host === 'router' ? [] : host));
}

/**
 * The tracepoint's line for each reason in the form of tracefs, without addresses. (`perf trace` prints the
 * reason's number, which is another in each kernel.)
 */
export function traceLines(reason: Reason): string[] {
  if (reason === 'none') return [];
  if (reason === 'received only')
    return ['tcp_receive_reset: …   (on the client; nobody has a tcp_send_reset)'];
  const reasons = 'from' in reason ? [reason] : reason;
  return reasons.map(
    ({ from, is }) => `tcp_send_reset: … reason=${namesOf(is).join(' or ')}   (on the ${from})`,
  );
}

function namesOf(is: string | readonly string[]): readonly string[] {
  return typeof is === 'string' ? [is] : is;
}
