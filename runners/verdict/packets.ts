import type { Expectation, ExpectedReset } from '../catalog/lab.ts';
import { isForeign, type Packet, type Side } from '../evidence/connection.ts';
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
  const fins = senders(beforeResets(seen, resets).filter(({ flags }) => flags.includes('FIN')));
  const withAnswers =
    expected.rst !== 'none' && listed(expected.rst).some(({ answers }) => answers);
  const observed = `${describeResets(resets, seen, withAnswers)}, ${describeFins(fins)}`;
  const agreement =
    agreeResets(expected.rst, resets, seen) && fins === expected.fin ? agrees : contradicts;
  return agreement(wanted, observed);
}

/** The segments of the connections that were reset, each up to its first RST; without any, all segments. */
function beforeResets(seen: readonly Packet[], resets: readonly Packet[]): readonly Packet[] {
  if (resets.length === 0) return seen;
  return seen.filter((packet, place) => {
    const reset = resets.find(({ connection }) => connection === packet.connection);
    return reset !== undefined && place < seen.indexOf(reset);
  });
}

function agreeResets(
  expected: Expectation['packets']['rst'],
  resets: readonly Packet[],
  seen: readonly Packet[],
): boolean {
  if (expected === 'none') return resets.length === 0;
  const kinds = listed(expected);
  // Each that was seen is expected, and each that is expected was seen.
  return (
    resets.every((reset) => kinds.some((kind) => fits(kind, reset, seen))) &&
    kinds.every((kind) => resets.some((reset) => fits(kind, reset, seen)))
  );
}

function fits(expected: ExpectedReset, reset: Packet, seen: readonly Packet[]): boolean {
  const { from, kind, answers, by } = expected;
  return (
    reset.from === from &&
    (kind === undefined || reset.stateless === (kind === 'stateless')) &&
    (answers === undefined || answered(reset, seen) === answers) &&
    (by === 'middlebox') === isForeign(reset, seen)
  );
}

function listed(expected: ExpectedReset | readonly ExpectedReset[]): readonly ExpectedReset[] {
  return 'from' in expected ? [expected] : expected;
}

/** What a reset answers: the last segment of the other side before it that asks for an answer. */
function answered(reset: Packet, seen: readonly Packet[]): ExpectedReset['answers'] {
  const before = seen.slice(0, seen.indexOf(reset));
  const last = before.findLast(
    ({ from, connection }) => from !== reset.from && connection === reset.connection,
  );
  if (last?.flags.includes('SYN')) return 'SYN';
  if (last?.keepAlive) return 'keepalive';
  return last && last.length > 0 ? 'data' : undefined;
}

function senders(packets: readonly Packet[]): Expectation['packets']['fin'] {
  const sides = new Set<Side>(packets.map(({ from }) => from));
  if (sides.size === 2) return 'both';
  return [...sides][0] ?? 'none';
}

/** A few words: `RST from server`, `RST from server after FIN from server`, `FIN from both`. */
function describe({ rst, fin }: Expectation['packets']): string {
  const resets = rst === 'none' ? 'no RST' : listed(rst).map(describeExpected).join(' and ');
  return `${resets}, ${describeFins(fin)}`;
}

function describeExpected({ kind, from, answers, by }: ExpectedReset): string {
  const whose = by ? `RST of a ${by} in the name of ${from}` : `RST from ${from}`;
  return `${kind ? `${kind} ` : ''}${whose}${answers ? ` in answer to ${answers}` : ''}`;
}

function describeResets(
  resets: readonly Packet[],
  seen: readonly Packet[],
  withAnswers: boolean,
): string {
  const texts = resets.map((reset) => {
    const whose = isForeign(reset, seen)
      ? `RST of a middlebox in the name of ${reset.from}`
      : `RST from ${reset.from}`;
    const what = withAnswers ? ` in answer to ${answered(reset, seen) ?? 'nothing'}` : '';
    return `${reset.stateless ? 'stateless' : 'socket'} ${whose}${what}`;
  });
  return [...new Set(texts)].join(' and ') || 'no RST';
}

function describeFins(fin: Expectation['packets']['fin']): string {
  return fin === 'none' ? 'no FIN' : `FIN from ${fin}`;
}
