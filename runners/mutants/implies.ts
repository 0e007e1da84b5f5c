import type {
  Expectation,
  ExpectedCounts,
  ExpectedReset,
  StatedReason,
} from '../catalog/expectation.ts';
import { RESET_COUNTERS } from '../evidence/counters.ts';

/**
 * Whether all that can fulfil one expectation fulfils another: then no judge can tell the second from the
 * first by what has fulfilled the first. Found from what the two say, not by a judge.
 */
export function implies(one: Expectation, other: Expectation): boolean {
  return (
    one.client.join() === other.client.join() &&
    one.packets.fin === other.packets.fin &&
    resets(one.packets.rst, other.packets.rst) &&
    (['client', 'server', 'balancer'] as const).every((host) =>
      counts(one.kernel[host] ?? {}, other.kernel[host] ?? {}),
    ) &&
    reasons(one.kernel.reason, other.kernel.reason)
  );
}

type Rst = Expectation['packets']['rst'];
type Reason = Expectation['kernel']['reason'];

/** A list is fulfilled where each that was seen is in it, and each that is in it was seen. */
function lists<T>(
  ones: readonly T[],
  others: readonly T[],
  refines: (one: T, other: T) => boolean,
): boolean {
  return (
    ones.every((one) => others.some((other) => refines(one, other))) &&
    others.every((other) => ones.some((one) => refines(one, other)))
  );
}

function resets(one: Rst, other: Rst): boolean {
  if (one === 'none' || other === 'none') return one === other;
  const listed = (rst: Exclude<Rst, 'none'>): readonly ExpectedReset[] =>
    'from' in rst ? [rst] : rst;
  return lists(
    listed(one),
    listed(other),
    (a, b) =>
      a.from === b.from &&
      a.by === b.by &&
      (b.kind === undefined || a.kind === b.kind) &&
      (b.answers === undefined || a.answers === b.answers),
  );
}

function counts(one: ExpectedCounts, other: ExpectedCounts): boolean {
  return RESET_COUNTERS.every((name) => {
    const [a = 0, b = 0] = [one[name], other[name]];
    return a === b || (b === 'some' && a !== 0);
  });
}

function reasons(one: Reason, other: Reason): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  const listed = (reason: Exclude<Reason, string>): readonly StatedReason[] =>
    'from' in reason ? [reason] : reason;
  const names = ({ is }: StatedReason) => (typeof is === 'string' ? [is] : is);
  return lists(
    listed(one),
    listed(other),
    (a, b) => a.from === b.from && names(a).every((name) => names(b).includes(name)),
  );
}
