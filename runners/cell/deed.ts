import type { Host } from '../engines/engine.ts';
import type { FaultAction } from '../evidence/observation.ts';

/**
 * Does something to the connection and tells it, with the moment at which it began: what it brings about
 * comes after. The moment is that of the host's clock, as those of the programs and the packets are.
 *
 * @param host the one to which it is done; what `act` asks first is asked of its agent
 * @param act resolves with how many live connections it met
 */
export async function deed(
  what: string,
  { agent }: { readonly agent: Pick<Host['agent'], 'now'> },
  act: () => Promise<number>,
): Promise<FaultAction> {
  // Both are sent at once, and the agent answers in order.
  const [timeUs, touched] = await Promise.all([agent.now(), act()]);
  return { what, timeUs, touched };
}
