import type { Expectation, ExpectedReset } from '../catalog/expectation.ts';
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
  const resets = resetsIn(seen);
  const fins = senders(beforeResets(seen, resets).filter(({ flags }) => flags.includes('FIN')));
  const withAnswers =
    expected.rst !== 'none' && listed(expected.rst).some(({ answers }) => answers);
  const observed = `${describeResets(resets, withAnswers)}, ${describeFins(fins)}`;
  const agreement =
    agreeResets(expected.rst, resets) && fins === expected.fin ? agrees : contradicts;
  return agreement(wanted, observed);
}

/** A reset and what the other segments tell of it. */
type Reset = {
  readonly packet: Packet;
  /** What it answers: the last segment of the other side before it that asks for an answer. */
  readonly answers: ExpectedReset['answers'];
  /** Not made where the other segments of its side were: see `isForeign`. */
  readonly foreign: boolean;
};

/** All in two passes: of a hostile program's capture, all segments can be resets. */
function resetsIn(seen: readonly Packet[]): Reset[] {
  const lives = new Map<string, Set<number>>();
  for (const { from, connection, flags, ttl } of seen) {
    if (flags.includes('RST')) continue;
    const side = `${from} ${connection}`;
    lives.set(side, (lives.get(side) ?? new Set()).add(ttl));
  }
  const last = new Map<string, Packet>();
  return seen.flatMap((packet) => {
    const { from, to, connection, flags, ttl } = packet;
    const before = last.get(`${to} ${connection}`);
    last.set(`${from} ${connection}`, packet);
    if (!flags.includes('RST')) return [];
    const known = lives.get(`${from} ${connection}`);
    return { packet, answers: answered(before), foreign: known !== undefined && !known.has(ttl) };
  });
}

/** The segments of the connections that were reset, each up to its first RST; without any, all segments. */
function beforeResets(seen: readonly Packet[], resets: readonly Reset[]): readonly Packet[] {
  if (resets.length === 0) return seen;
  const wasReset = new Set(resets.map(({ packet }) => packet.connection));
  const ended = new Set<number>();
  return seen.filter(({ connection, flags }) => {
    if (flags.includes('RST')) ended.add(connection);
    return wasReset.has(connection) && !ended.has(connection);
  });
}

function agreeResets(expected: Expectation['packets']['rst'], resets: readonly Reset[]): boolean {
  if (expected === 'none') return resets.length === 0;
  const kinds = listed(expected);
  // Each that was seen is expected, and each that is expected was seen.
  return (
    resets.every((reset) => kinds.some((kind) => fits(kind, reset))) &&
    kinds.every((kind) => resets.some((reset) => fits(kind, reset)))
  );
}

function fits(expected: ExpectedReset, { packet, answers, foreign }: Reset): boolean {
  const { from, kind, by } = expected;
  return (
    packet.from === from &&
    (kind === undefined || packet.stateless === (kind === 'stateless')) &&
    (expected.answers === undefined || answers === expected.answers) &&
    (by === 'middlebox') === foreign
  );
}

function listed(expected: ExpectedReset | readonly ExpectedReset[]): readonly ExpectedReset[] {
  return 'from' in expected ? [expected] : expected;
}

function answered(last: Packet | undefined): ExpectedReset['answers'] {
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

function describeResets(resets: readonly Reset[], withAnswers: boolean): string {
  const texts = resets.map(({ packet: { from, stateless }, answers, foreign }) => {
    const whose = foreign ? `RST of a middlebox in the name of ${from}` : `RST from ${from}`;
    const what = withAnswers ? ` in answer to ${answers ?? 'nothing'}` : '';
    return `${stateless ? 'stateless' : 'socket'} ${whose}${what}`;
  });
  return [...new Set(texts)].join(' and ') || 'no RST';
}

function describeFins(fin: Expectation['packets']['fin']): string {
  return fin === 'none' ? 'no FIN' : `FIN from ${fin}`;
}
