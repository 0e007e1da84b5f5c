import type { Expectation, ExpectedReset, StatedReason } from '../catalog/expectation.ts';
import { RESET_COUNTERS } from '../evidence/counters.ts';
import type { Observation } from '../evidence/observation.ts';

/**
 * Whether what an expectation states beyond a wider one was so: the exact counts, the kinds of the resets,
 * the names of the reasons. Looked up in the evidence itself, without the judge, who is being tested.
 */
export function wasSo({ packets, kernel }: Expectation, observation: Observation): boolean {
  return (
    countsWere(kernel, observation) &&
    kindsWere(packets.rst, observation) &&
    reasonsWere(kernel.reason, observation)
  );
}

function countsWere(kernel: Expectation['kernel'], { counters }: Observation): boolean {
  if (!('got' in counters)) return false;
  return (['client', 'server', 'balancer'] as const).every((host) =>
    RESET_COUNTERS.every((name) => {
      const wanted = kernel[host]?.[name] ?? 0;
      const seen = counters.got[host]?.[name] ?? 0;
      return wanted === 'some' ? seen > 0 : wanted === seen;
    }),
  );
}

function kindsWere(rst: Expectation['packets']['rst'], { packets }: Observation): boolean {
  if (!('got' in packets)) return false;
  const seen = packets.got.filter(({ flags }) => flags.includes('RST'));
  const wanted: readonly ExpectedReset[] = rst === 'none' ? [] : 'from' in rst ? [rst] : rst;
  const fits = ({ from, kind }: ExpectedReset, reset: (typeof seen)[number]) =>
    from === reset.from && (kind === undefined || (kind === 'stateless') === reset.stateless);
  return (
    seen.every((reset) => wanted.some((one) => fits(one, reset))) &&
    wanted.every((one) => seen.some((reset) => fits(one, reset)))
  );
}

function reasonsWere(
  reason: Expectation['kernel']['reason'],
  { resets, port, peer }: Observation,
): boolean {
  if (!('got' in resets)) return false;
  const seen = resets.got.filter(({ event }) => event === 'sent');
  if (typeof reason === 'string') return seen.length === 0;
  const wanted: readonly StatedReason[] = 'from' in reason ? [reason] : reason;
  const fits = ({ from, is }: StatedReason, sent: (typeof seen)[number]) =>
    from === (sent.source.port === port ? peer : 'client') &&
    (typeof is === 'string' ? is === sent.reason : is.includes(sent.reason ?? ''));
  return (
    seen.every((sent) => wanted.some((one) => fits(one, sent))) &&
    wanted.every((one) => seen.some((sent) => fits(one, sent)))
  );
}
