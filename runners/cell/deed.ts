import type { FaultAction } from '../evidence/observation.ts';

/**
 * Does something to the connection and tells it, with the moment at which it began: what it brings about
 * comes after.
 *
 * @param act resolves with how many live connections it met
 */
export async function deed(what: string, act: () => Promise<number>): Promise<FaultAction> {
  const timeUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
  return { what, timeUs, touched: await act() };
}
