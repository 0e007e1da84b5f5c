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

/** After {@link REPLIED}: the server closes, then the client. */
export const CLOSED: readonly Packet[] = [
  packet('server', 'FIN ACK', { seq: 15, ack: 15 }),
  packet('client', 'FIN ACK', { seq: 15, ack: 16 }),
  packet('server', 'ACK', { seq: 16, ack: 16 }),
];

export const SERVED: readonly Packet[] = [...REQUEST, ...REPLIED, ...CLOSED];

/** A server that was told to end while a client waited: it has replied, closed, and ended well. */
export function servant(more: Partial<Observation> = {}): Observation {
  return crash({
    client: ran(['connect ok', 'send ok', 'read ok', 'close ok'], {
      out: ['Connected to 192.0.2.2:20004.', 'The server said: Hello Client!'],
    }),
    server: ran([], { exitStatus: 0 }),
    actions: [{ what: 'SIGTERM to the server', timeUs: 1_003_500, touched: 1 }],
    packets: { got: SERVED },
    counters: { got: { client: { ActiveOpens: 1 }, server: { PassiveOpens: 1 } } },
    ...more,
  });
}
