import { strictness } from '../verdict/strict.ts';
import type { CellResult, RunResult, Strictness, Verdict } from './result.ts';

/** The verdict on a whole run: what was not run makes it unknown, and so does an empty run. */
export function verdictOf(
  cells: readonly Pick<CellResult, 'verdict'>[],
  planned = cells.length,
): Verdict {
  if (cells.some(({ verdict }) => verdict === 'fail')) return 'fail';
  const isWhole = cells.length > 0 && cells.length >= planned;
  return isWhole && cells.every(({ verdict }) => verdict === 'pass') ? 'pass' : 'unknown';
}

/**
 * What follows from the cells of a run. A known difference that no cell needs any more makes the run fail,
 * though no cell does.
 *
 * @param isShard another shard may have the cells that need a difference: only all together can tell
 */
export function conclusionOf(
  cells: readonly CellResult[],
  planned = cells.length,
  isShard = false,
): Pick<RunResult, 'verdict' | keyof Strictness> {
  const strict = strictness(cells);
  const isOutdated =
    !isShard && strict.differences.some(({ standing }) => standing === 'not needed');
  return { verdict: isOutdated ? 'fail' : verdictOf(cells, planned), ...strict };
}
