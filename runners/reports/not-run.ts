import type { CellResult } from '../results/result.ts';

/** Why cells were not run, and how many for each reason, most first. */
export function reasonsNotRun(
  cells: readonly Pick<CellResult, 'verdict' | 'reason'>[],
): { readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { verdict, reason } of cells) {
    if (verdict === 'not-run') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}
