import type { Agent } from '../engines/agent/agent.ts';
import { parseSockets, type Socket } from '../evidence/sockets.ts';

/** States of a connection that can still be ended; in the others its end is under way or has come. */
const ALIVE = new Set(['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT']);

/** Any agent of a host: all see its one network stack. */
type Seen = { readonly agent: Agent };

/** The sockets of a cell's connections on a host, listeners left out; a cell's port is its own. */
export async function connectionsOn({ agent }: Seen, port: number): Promise<Socket[]> {
  const { lines } = await agent.ask('sockets');
  return parseSockets(lines).filter(
    ({ state, localPort, remotePort }) =>
      state !== 'LISTEN' && (localPort === port || remotePort === port),
  );
}

/** How many connections of a cell a fault could meet on a host at this moment. */
export async function liveConnections(host: Seen, port: number): Promise<number> {
  return (await connectionsOn(host, port)).filter(({ state }) => ALIVE.has(state)).length;
}
