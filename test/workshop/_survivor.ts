import type { Packet } from '../../runners/evidence/connection.ts';
import type { Observation } from '../../runners/evidence/observation.ts';
import { crash, packet, REQUEST, ran } from '../_observation.ts';

/** The same segments on another connection. */
export function on(connection: number, packets: readonly Packet[]): Packet[] {
  return packets.map((one) => ({ ...one, connection }));
}

/** After {@link REQUEST}: the reply, and that it has come. */
export const REPLIED: readonly Packet[] = [
  packet('server', 'PSH ACK', { ack: 15, length: 14 }),
  packet('client', 'ACK', { seq: 15, ack: 15 }),
];

/** What ends the first connection. */
export const RST = packet('server', 'RST ACK', { ack: 15 });

/** The first connection of {@link survivor}, which the fault meets. */
export const LOST: readonly Packet[] = [...REQUEST, RST];

/** A client that has lost one connection, made another, got and printed the reply, and ended well. */
export function survivor(more: Partial<Observation> = {}): Observation {
  return crash({
    client: ran(['connect ok', 'send ok', 'read ok'], { out: ['The server said: Hello Client!'] }),
    packets: { got: [...LOST, ...on(2, [...REQUEST, ...REPLIED])] },
    ...more,
  });
}
