import type { CellResult } from '../../results/result.ts';
import { reasonsNotRun } from '../not-run.ts';
import { paint, plain, type Screen, wrap } from './text.ts';

/** How many cells were not run, and why: what lacks must be seen without reading all labs. */
export function notRun(cells: readonly CellResult[], screen: Screen): string[] {
  const reasons = reasonsNotRun(cells);
  if (reasons.length === 0) return [];
  const { yellow } = paint(screen);
  const all = reasons.reduce((sum, { count }) => sum + count, 0);
  return [
    '',
    yellow(`  ${all} of ${cells.length} cells were not run:`),
    ...reasons.flatMap(({ reason, count }) =>
      wrap(plain(reason), screen.columns - 12).map(
        (line, index) => `  ${(index === 0 ? String(count) : '').padStart(6)}  ${line}`,
      ),
    ),
  ];
}
