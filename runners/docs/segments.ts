import { isForeign } from '../evidence/connection.ts';
import type { CellResult, PacketResult, StepResult } from '../results/result.ts';

/** A segment that is worth showing, in an order that is the same in every run. */
export type Segment = Pick<
  PacketResult,
  'from' | 'to' | 'seq' | 'ack' | 'length' | 'ttl' | 'connection' | 'atMs' | 'stateless'
> & {
  readonly flags: readonly string[];
  readonly kind: 'syn' | 'ack' | 'data' | 'probe' | 'fin' | 'rst';
  /** Sent again, once or more often. */
  readonly again: boolean;
  /** It and the one before it come in either order. */
  readonly either: boolean;
  /** Made by a middlebox in the name of `from`. */
  readonly forged: boolean;
  /** A TLS handshake's: how long it is depends on the library. */
  readonly hello: boolean;
};

/** How many acknowledgements, probes and retransmissions there are is chance: of each the first is kept. */
export function segmentsOf(cell: CellResult): Segment[] {
  const packets = cell.packets ?? [];
  const numbers = [...new Set(packets.map(({ connection }) => connection))];
  return numbers.flatMap((number) => {
    const own = packets.filter(({ connection }) => connection === number);
    return settled(kept(own, cell), stepsOf(cell, number));
  });
}

/** The steps of both programs on one connection, counted from 1; a client may have several. */
export function stepsOf(
  cell: CellResult,
  connection: number,
): Readonly<Record<'client' | 'server', StepResult[]>> {
  const of = (role: 'client' | 'server', first: string) => {
    let count = 0;
    return cell.steps.filter((step) => {
      if (step.role !== role) return false;
      if (step.step === first) count += 1;
      return Math.max(count, 1) === connection;
    });
  };
  return { client: of('client', 'connect'), server: of('server', 'accept') };
}

function kept(packets: readonly PacketResult[], cell: CellResult): Segment[] {
  const tls = cell.client.program === 'ask-tls';
  const segments: Segment[] = [];
  for (const packet of packets) {
    const { flags, from, length, retransmission, keepAlive } = packet;
    const last = segments.at(-1);
    const kind = kindOf(packet);
    if (kind === 'ack' && !isTelling(segments, packet)) continue;
    if (keepAlive && segments.some((one) => one.kind === 'probe' && one.from === from)) continue;
    // A handshake is only slower where a machine is.
    if (retransmission && kind === 'syn') continue;
    if (retransmission && segments.some((one) => one.again && one.from === from)) continue;
    const hello = tls && kind === 'data';
    if (hello && last?.hello && last.from === from) {
      segments[segments.length - 1] = { ...last, length: last.length + length };
      continue;
    }
    segments.push({
      ...packet,
      flags,
      ...{ kind, hello, again: retransmission, either: false },
      forged: kind === 'rst' && isForeign(packet, packets),
    });
  }
  return segments;
}

function kindOf({ flags, length, keepAlive }: PacketResult): Segment['kind'] {
  if (flags.includes('RST')) return 'rst';
  if (flags.includes('SYN')) return 'syn';
  if (flags.includes('FIN')) return 'fin';
  if (keepAlive) return 'probe';
  return length > 0 ? 'data' : 'ack';
}

/** The end of the handshake, the answer to a probe, and a challenge ACK (RFC 5961). */
function isTelling(before: readonly Segment[], { from }: PacketResult): boolean {
  const last = before.at(-1);
  if (last === undefined || last.from === from) return false;
  const isFirst = !before.some(({ kind }) => kind === 'ack');
  return (last.kind === 'syn' && isFirst) || last.kind === 'probe' || last.kind === 'rst';
}

/** Puts those in one order which come in either, since neither program waits for the other. */
function settled(segments: readonly Segment[], steps: ReturnType<typeof stepsOf>): Segment[] {
  let settled = [...segments];
  const order = steps.server.map(({ step }) => step);
  const firstSend = order.indexOf('send');
  if (firstSend >= 0 && !order.slice(0, firstSend).includes('read')) {
    const [own, peer] = firsts(settled, 'data');
    if (own && peer) settled = inOrder(settled, own, peer);
  }
  const sawEof = [...steps.client, ...steps.server].some(({ outcome }) => outcome === 'eof');
  const firstFin = settled.findIndex(({ kind }) => kind === 'fin');
  const isReset = settled.slice(Math.max(0, firstFin)).some(({ kind }) => kind === 'rst');
  if (!sawEof && !isReset) {
    const [own, peer] = firsts(settled, 'fin');
    if (own && peer) settled = inOrder(settled, peer, own);
  }
  return settled;
}

function firsts(segments: readonly Segment[], kind: Segment['kind']) {
  return [
    segments.find((one) => one.kind === kind && one.from === 'client'),
    segments.find((one) => one.kind === kind && one.from !== 'client'),
  ] as const;
}

/** Lets `one` come directly before `other`, and acknowledge nothing of it. */
function inOrder(segments: readonly Segment[], one: Segment, other: Segment): Segment[] {
  const end = ({ seq, length, kind }: Segment) => seq + length + Number(kind === 'fin');
  const place = Math.min(segments.indexOf(one), segments.indexOf(other));
  const rest = segments.filter((segment) => segment !== one && segment !== other);
  return [
    ...rest.slice(0, place),
    { ...one, ack: Math.min(one.ack ?? 0, other.seq) },
    { ...other, ack: end(one), either: true },
    ...rest.slice(place),
  ];
}
