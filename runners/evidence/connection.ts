/**
 * Picks the connections between two hosts out of a capture and tells of each segment what a reader
 * wants to know: who sent it, relative numbers, whether it repeats, what kind of reset it is.
 *
 * Source: RFC 9293 §3.4 (sequence numbers), §3.5.2 and §3.10.7 (resets); the keep-alive rule and
 * the relative numbers are those of Wireshark.
 */
import { isIP } from 'node:net';
import type { PcapRecord } from './pcap.ts';
import { canonicalIpv6, decodeFrame, type TcpFlag, type TcpSegment } from './segment.ts';

/** Who sent a segment. The client's peer is the server, or the load balancer before it. */
export type Side = 'client' | 'server' | 'balancer';

/** Which connections to pick. Addresses are IPv4 or IPv6 in any valid spelling. */
export interface Selection {
  /** {@link PcapReader.linkType} of the capture. */
  linkType: number;
  client: string;
  /** The address of the client's peer. */
  server: string;
  /** The peer's TCP port; the client's may be any. */
  port: number;
  /** What the peer is; without it a server. */
  peer?: 'server' | 'balancer';
}

/** One captured segment of a selected connection. */
export interface Packet {
  /** Its place among the records that were given, to find the record again. */
  index: number;
  /** Microseconds since 1970-01-01 UTC. */
  timeUs: number;
  from: Side;
  to: Side;
  flags: TcpFlag[];
  /** Relative: the sender's SYN is 0, its first byte 1; modulo 2^32. */
  seq: number;
  /** Relative to the other side's SYN; `null` without ACK flag. */
  ack: number | null;
  /** Bytes of payload. */
  length: number;
  /** As received: every router on the way has taken one off. */
  ttl: number;
  /** `null` in IPv6. */
  ipId: number | null;
  /** As in the header, not scaled. */
  window: number;
  /** Counts the connections in the order of their first segment, from 1. */
  connection: number;
  /** False if `seq` or `ack` counts from a guess because that side's SYN was not captured. */
  relativeToSyn: boolean;
  /** Everything that it occupies (SYN, payload, FIN) was sent before. */
  retransmission: boolean;
  /** A probe just below the next byte, of a keep-alive or of a closed window. */
  keepAlive: boolean;
  /** See {@link stateless}. */
  stateless: boolean;
}

/**
 * The TCP segments between a client and a server port, in the order captured. Frames of others, and
 * what is not whole TCP, are left out. A capture that sees a segment on two interfaces shows it
 * twice, the second as a retransmission: capture on one.
 *
 * @throws Error if `client` or `server` is not an IP address
 */
export function connections(records: Iterable<PcapRecord>, selection: Selection): Packet[] {
  const client = canonical(selection.client);
  const server = canonical(selection.server);
  const peer = selection.peer ?? 'server';
  const byClientPort = new Map<number, Connection>();
  const packets: Packet[] = [];
  let count = 0;
  let index = -1;
  for (const record of records) {
    index += 1;
    const segment = decodeFrame(selection.linkType, record.bytes);
    if (segment?.protocol !== 'tcp') continue;
    const { source, destination } = segment;
    const isBetween = (a: string, b: string) => source.address === a && destination.address === b;
    let from: Side;
    if (isBetween(client, server) && destination.port === selection.port) from = 'client';
    else if (isBetween(server, client) && source.port === selection.port) from = peer;
    else continue;

    const clientPort = from === 'client' ? source.port : destination.port;
    let connection = byClientPort.get(clientPort);
    if (!connection || opensAnother(segment, connection[end(from)])) {
      count += 1;
      connection = { number: count, client: unseen(), peer: unseen() };
      byClientPort.set(clientPort, connection);
    }
    const { timeUs } = record;
    const { flags, length, ttl, ipId, window } = segment;
    packets.push({
      ...{ index, timeUs, from, to: from === 'client' ? peer : 'client' },
      ...{ flags, ...follow(segment, connection, from) },
      ...{ length, ttl, ipId, window, connection: connection.number },
      stateless: stateless(segment),
    });
  }
  return packets;
}

/**
 * Whether a segment is a reset that no live socket sent: the sender's kernel had no usable socket
 * for what it answers, or a middlebox made it.
 *
 * A Linux socket's reset always has the ACK flag and, in IPv4, its own count as IP id (RFC 6864
 * would allow 0). One made without a socket has window 0 and IP id 0; it has an ACK flag only when
 * it answers a segment without one, and then sequence number 0 (RFC 9293 §3.10.7.1). The sequence
 * number stands in for the IP id in IPv6.
 */
export function stateless({ flags, window, ipId, seq }: TcpSegment): boolean {
  if (!flags.includes('RST')) return false;
  if (!flags.includes('ACK')) return true;
  return window === 0 && (ipId ?? seq) === 0;
}

/**
 * Whether a reset was not made where the other segments of its side were: it has come through another
 * number of routers, or began with another time to live.
 */
export function isForeign(reset: TraceOfSide, seen: readonly TraceOfSide[]): boolean {
  const others = seen.filter(
    ({ from, connection, flags }) =>
      from === reset.from && connection === reset.connection && !flags.includes('RST'),
  );
  return others.length > 0 && others.every(({ ttl }) => ttl !== reset.ttl);
}

type TraceOfSide = Pick<Packet, 'from' | 'connection' | 'ttl'> & {
  readonly flags: readonly string[];
};

/** What was seen of one direction. Positions are sequence numbers from `base`, not wrapped. */
interface Direction {
  /** Sequence number of the SYN, or a guess at it. */
  base: number | undefined;
  synSeen: boolean;
  /** Position after the last byte sent. */
  next: number;
  /** Position up to which the other side has acknowledged. */
  acked: number;
  /** Positions sent, as disjoint [start, end) ranges in their order. */
  sent: [number, number][];
}

type Connection = { number: number } & Record<End, Direction>;
type End = 'client' | 'peer';

function follow(segment: TcpSegment, connection: Connection, from: Side) {
  const { flags, seq, length } = segment;
  const own = connection[end(from)];
  const peer = connection[from === 'client' ? 'peer' : 'client'];
  const [syn, fin, rst, hasAck] = (['SYN', 'FIN', 'RST', 'ACK'] as const).map((flag) =>
    flags.includes(flag),
  );
  if (syn) {
    if (own.base !== seq) Object.assign(own, unseen(), { base: seq });
    own.synSeen = true;
  }
  // The reset that refuses a SYN carries 0 for want of a number: there is nothing to count from.
  const refusal = rst && seq === 0 && own.base === undefined;
  if (!refusal) own.base ??= before(seq);
  if (hasAck) peer.base ??= before(segment.ack);

  const at = refusal ? 0 : position(own, seq);
  const after = at + length + Number(syn) + Number(fin);
  const keepAlive =
    !(syn || fin || rst) &&
    at === own.next - 1 &&
    // One byte may also be the retransmission of a one-byte write, unless that was acknowledged.
    (length === 0 || (length === 1 && own.acked >= own.next));
  let retransmission = false;
  if (!rst && !keepAlive && after > at) {
    retransmission = !add(own.sent, at, after);
    own.next = Math.max(own.next, after);
  }
  const ackAt = hasAck ? position(peer, segment.ack) : null;
  if (ackAt !== null) peer.acked = Math.max(peer.acked, ackAt);
  return {
    seq: at >>> 0,
    ack: ackAt === null ? null : ackAt >>> 0,
    relativeToSyn: (refusal || own.synSeen) && (!hasAck || peer.synSeen),
    retransmission,
    keepAlive,
  };
}

/** The same ports are used again: a SYN with another initial sequence number. */
function opensAnother({ flags, seq }: TcpSegment, own: Direction): boolean {
  const opens = flags.includes('SYN') && !flags.includes('ACK');
  return opens && own.base !== undefined && own.base !== seq;
}

/** `next` is 1, not 0: until a SYN is seen, the base is guessed as if it had been. */
function unseen(): Direction {
  return { base: undefined, synSeen: false, next: 1, acked: 0, sent: [] };
}

/** Unwraps a sequence number: of all positions it may stand for, the one nearest to `next`. */
function position({ base = 0, next }: Direction, seq: number): number {
  return next + ((seq - base - next) | 0);
}

function before(seq: number): number {
  return (seq - 1) >>> 0;
}

/** Adds a range to others; false if all of it was there. */
function add(ranges: [number, number][], start: number, end: number): boolean {
  // The first that touches it is looked for by halves: a hostile sender leaves thousands of gaps.
  let [first, after] = [0, ranges.length];
  while (first < after) {
    const middle = (first + after) >> 1;
    if ((ranges[middle]?.[1] ?? 0) < start) first = middle + 1;
    else after = middle;
  }
  const [from = end, to = start] = ranges[first] ?? [];
  if (from <= start && end <= to) return false;
  let count = 0;
  let last = end;
  for (let next = ranges[first]; next !== undefined && next[0] <= end; ) {
    last = Math.max(last, next[1]);
    count += 1;
    next = ranges[first + count];
  }
  ranges.splice(first, count, [count > 0 ? Math.min(from, start) : start, last]);
  return true;
}

function end(side: Side): End {
  return side === 'client' ? 'client' : 'peer';
}

function canonical(address: string): string {
  const version = isIP(address);
  if (version === 0) throw new Error(`not an IP address: ${address}`);
  return version === 6 ? canonicalIpv6(address) : address;
}
