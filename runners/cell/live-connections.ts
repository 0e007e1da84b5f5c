import type { Agent } from '../engines/agent/agent.ts';
import { HostError } from '../engines/agent/host-error.ts';
import { parseSockets, type Socket } from '../evidence/sockets.ts';

/** States of a connection that can still be ended; in the others its end is under way or has come. */
const ALIVE = new Set(['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT']);

/** Any agent of a host: all see its one network stack. */
type Seen = { readonly agent: Agent };

/**
 * All TCP sockets of a host.
 *
 * @throws HostError where they cannot be seen: no line would mean that there is none
 */
export async function socketsOn({ agent }: Seen): Promise<Socket[]> {
  const { lines, status } = await agent.ask('sockets');
  if (status === 0) return parseSockets(lines);
  throw new HostError(`the sockets of host ${agent.host} cannot be seen: ${lines.join(' ')}`);
}

/** The sockets of a cell's connections on a host, listeners left out; a cell's port is its own. */
export async function connectionsOn(host: Seen, port: number): Promise<Socket[]> {
  return (await socketsOn(host)).filter(
    ({ state, localPort, remotePort }) =>
      state !== 'LISTEN' && (localPort === port || remotePort === port),
  );
}

/** How many connections of a cell a fault could meet on a host at this moment. */
export async function liveConnections(host: Seen, port: number): Promise<number> {
  return (await connectionsOn(host, port)).filter(({ state }) => ALIVE.has(state)).length;
}
