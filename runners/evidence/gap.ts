import type { Packet } from './connection.ts';

type Traced = Pick<Packet, 'from' | 'connection' | 'flags' | 'seq' | 'ack' | 'length'>;

/** The position after all that a segment occupies (RFC 9293 §3.4), relative and modulo 2^32. */
export function endOf({ seq, length, flags }: Pick<Traced, 'seq' | 'length' | 'flags'>): number {
  return (seq + length + Number(flags.includes('SYN')) + Number(flags.includes('FIN'))) >>> 0;
}

/** Whether one sequence number comes after another, modulo 2^32. */
export function isAfter(one: number, other: number): boolean {
  return ((one - other) | 0) > 0;
}

/**
 * Why a cell's capture cannot be all that passed the link: a segment that follows from another one, which is
 * not there before it. Each end's own segments are captured before anybody can answer them.
 */
export function gapIn(packets: readonly Traced[]): string | null {
  const sent = new Map<string, number>();
  const key = ({ connection }: Traced, client: boolean) => `${connection} ${client}`;
  for (const packet of packets) {
    const isClients = packet.from === 'client';
    const own = key(packet, isClients);
    const begins = isClients && packet.flags.includes('SYN');
    if (!begins && !sent.has(key(packet, true))) {
      return 'a connection without the SYN of the client before it';
    }
    const other = sent.get(key(packet, !isClients)) ?? 0;
    if (packet.ack !== null && isAfter(packet.ack, other)) {
      return 'an acknowledgement of what was not captured';
    }
    // A RST occupies nothing, and need not stand where the sender's segments end.
    const end = endOf(packet);
    const isNew = !sent.has(own) || isAfter(end, sent.get(own) ?? 0);
    if (isNew && !packet.flags.includes('RST')) sent.set(own, end);
  }
  return null;
}

/**
 * The resets of the client's peer on which the client's TCP acts: the sequence number is exactly the next that
 * it expects (RFC 5961 §3.2), be it that of the segments that were sent or of those that it has acknowledged.
 * In one pass: of a hostile program's capture, all segments can be resets.
 */
export function exactResets(packets: readonly Packet[]): Packet[] {
  const expected = new Map<number, { sent: number; acknowledged: number }>();
  return packets.filter((packet) => {
    const { connection, from, flags, seq, ack } = packet;
    const next = expected.get(connection) ?? { sent: 0, acknowledged: 0 };
    expected.set(connection, next);
    if (flags.includes('RST')) {
      return from !== 'client' && (seq === next.sent || seq === next.acknowledged);
    }
    if (from !== 'client') next.sent = further(next.sent, endOf(packet));
    else if (ack !== null) next.acknowledged = further(next.acknowledged, ack);
    return false;
  });
}

function further(one: number, other: number): number {
  return isAfter(other, one) ? other : one;
}
