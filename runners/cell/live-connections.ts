import type { Host } from '../engines/engine.ts';
import { parseSockets, type Socket } from '../evidence/sockets.ts';

/** States of a connection that can still be ended; in the others its end is under way or has come. */
const ALIVE = new Set(['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT']);

/** The sockets of a cell's connections on a host, listeners left out; a cell's port is its own. */
export async function connectionsOn({ agent }: Host, port: number): Promise<Socket[]> {
  const { lines } = await agent.ask('sockets');
  return parseSockets(lines).filter(
    ({ state, localPort, remotePort }) =>
      state !== 'LISTEN' && (localPort === port || remotePort === port),
  );
}

/** How many connections of a cell a fault could meet on a host at this moment. */
export async function liveConnections(host: Host, port: number): Promise<number> {
  return (await connectionsOn(host, port)).filter(({ state }) => ALIVE.has(state)).length;
}
