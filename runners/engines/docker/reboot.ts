import { parseSockets } from '../../evidence/sockets.ts';
import type { Agent } from '../agent/agent.ts';

/** Before everything else that looks at segments: what comes is not seen, what is sent reaches nobody. */
const TABLE = 'inet reset_labs_cut';
const CUT = [
  `add table ${TABLE}`,
  `add chain ${TABLE} arriving { type filter hook prerouting priority -400 ; policy drop ; }`,
  `add chain ${TABLE} leaving { type filter hook output priority -400 ; policy drop ; }`,
].join('; ');

/** `ss --kill` ends all that it sees; what comes into being meanwhile, the next one does. */
const ATTEMPTS = 5;

/** Cuts the cable of a host's network stack. */
export async function cutCable(agent: Agent): Promise<void> {
  await agent.run('nft', CUT);
}

/** Mends it. */
export async function mendCable(agent: Agent): Promise<void> {
  await agent.run('nft', `delete table ${TABLE}`);
}

/**
 * Lets the kernel of a host without programs, whose cable is cut, forget all that a power cut would take from
 * it: connections and what it remembers of them, neighbours, the connections that it tracks, the rules of labs.
 *
 * @returns the lines of its counters afterwards; undefined where it cannot forget: not every kernel can end
 *   sockets (CONFIG_INET_DIAG_DESTROY)
 */
export async function forgetAll(agent: Agent): Promise<readonly string[] | undefined> {
  const tables = await agent.run('nft', 'list tables');
  for (const table of tables.filter((line) => line === 'table inet reset_labs')) {
    await agent.run('nft', `delete ${table}`);
  }
  await agent.run('conntrack', '-F');
  await agent.run('ip', 'tcp_metrics', 'flush', 'all');
  await agent.run('ip', 'neigh', 'flush', 'all');
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await agent.run('ss', '-tK', 'state', 'connected');
    const { lines, status } = await agent.ask('sockets');
    if (status === 0 && parseSockets(lines).every(({ state }) => state === 'LISTEN')) {
      return (await agent.ask('counters')).lines;
    }
  }
  return undefined;
}
