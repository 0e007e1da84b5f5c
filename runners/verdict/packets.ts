import type { Expectation, ExpectedReset } from '../catalog/lab.ts';
import type { Packet, Side } from '../evidence/connection.ts';
import type { Collected } from '../evidence/observation.ts';
import { agrees, contradicts, type Finding, unavailable } from './finding.ts';

/**
 * Holds the captured segments against the expectation: who sent RST, of which kind and in answer to what,
 * and who sent FIN before. Numbers of segments are never judged: acknowledgements may be delayed.
 */
export function judgePackets(
  expected: Expectation['packets'],
  packets: Collected<readonly Packet[]>,
): Finding {
  const wanted = describe(expected);
  if ('missing' in packets) return unavailable(wanted, packets.missing);
  const seen = packets.got;
  if (!seen.some(({ from, flags }) => from === 'client' && flags.includes('SYN'))) {
    return contradicts(wanted, 'no SYN of the client: no connection was tried');
  }
  const resets = seen.filter(({ flags }) => flags.includes('RST'));
  const firstReset = resets[0];
  const beforeReset = firstReset ? seen.slice(0, seen.indexOf(firstReset)) : seen;
  const fins = senders(beforeReset.filter(({ flags }) => flags.includes('FIN')));
  const observed = `${describeResets(resets)}, ${describeFins(fins)}`;
  const agreement =
    agreeResets(expected.rst, resets, seen) && fins === expected.fin ? agrees : contradicts;
  return agreement(wanted, observed);
}

function agreeResets(
  expected: 'none' | ExpectedReset,
  resets: readonly Packet[],
  seen: readonly Packet[],
): boolean {
  if (expected === 'none') return resets.length === 0;
  const { from, kind, answers } = expected;
  return (
    resets.length > 0 &&
    resets.every(
      (reset) =>
        reset.from === from &&
        (kind === undefined || reset.stateless === (kind === 'stateless')) &&
        (answers === undefined || answered(reset, seen) === answers),
    )
  );
}

/** What a reset answers: the last segment of the other side before it that asks for an answer. */
function answered(reset: Packet, seen: readonly Packet[]): 'SYN' | 'data' | undefined {
  const before = seen.slice(0, seen.indexOf(reset));
  const last = before.findLast(
    ({ from, connection }) => from !== reset.from && connection === reset.connection,
  );
  if (last?.flags.includes('SYN')) return 'SYN';
  return last && last.length > 0 ? 'data' : undefined;
}

function senders(packets: readonly Packet[]): Expectation['packets']['fin'] {
  const sides = new Set<Side>(packets.map(({ from }) => from));
  if (sides.size === 2) return 'both';
  return [...sides][0] ?? 'none';
}

/** A few words: `RST from server`, `RST from server after FIN from server`, `FIN from both`. */
function describe({ rst, fin }: Expectation['packets']): string {
  const resets =
    rst === 'none'
      ? 'no RST'
      : `${rst.kind ? `${rst.kind} ` : ''}RST from ${rst.from}${rst.answers ? ` in answer to ${rst.answers}` : ''}`;
  return `${resets}, ${describeFins(fin)}`;
}

function describeResets(resets: readonly Packet[]): string {
  const [first] = resets;
  if (!first) return 'no RST';
  const sides = senders(resets);
  return `${first.stateless ? 'stateless' : 'socket'} RST from ${sides}`;
}

function describeFins(fin: Expectation['packets']['fin']): string {
  return fin === 'none' ? 'no FIN' : `FIN from ${fin}`;
}
