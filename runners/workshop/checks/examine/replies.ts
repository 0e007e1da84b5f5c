import type { Packet } from '../../../evidence/connection.ts';

/** The reply of the example servers. */
export const REPLY = 'Hello Client!';
/** On the wire it ends with a line feed. */
const REPLY_BYTES = Buffer.byteLength(`${REPLY}\n`);

/** How many replies have reached the client's kernel. */
export function repliesReceived(packets: readonly Packet[]): number {
  return Math.floor(bytesReceived(packets) / REPLY_BYTES);
}

/** Bytes of payload that the client's kernel has acknowledged, on all of its connections. */
export function bytesReceived(packets: readonly Packet[]): number {
  const ends = new Map<number, number>();
  for (const { from, flags, ack, connection } of packets) {
    if (from !== 'client' || ack === null || flags.includes('RST')) continue;
    ends.set(connection, Math.max(ends.get(connection) ?? 0, ack));
  }
  return packets
    .filter(({ from, length, retransmission, keepAlive, seq, connection }) => {
      const isNew = length > 0 && !retransmission && !keepAlive;
      return from !== 'client' && isNew && seq + length <= (ends.get(connection) ?? 0);
    })
    .reduce((sum, { length }) => sum + length, 0);
}
