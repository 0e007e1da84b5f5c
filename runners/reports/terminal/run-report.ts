import type { CellResult, EngineOfRun, RunResult } from '../../results/result.ts';
import { footer } from './footer.ts';
import { labReport } from './lab-report.ts';
import { leftOut } from './left-out.ts';
import { notRun } from './not-run.ts';
import { strict } from './strict.ts';
import { storyName } from './summary.ts';
import { plain, type Screen } from './text.ts';

/** All that a person sees of a run, in lines. In each engine, labs with a cell that failed come first. */
export function runReport(
  result: RunResult,
  screen: Screen,
  how: {
    readonly verbose: boolean;
    /** Where the result lies; undefined if there was nothing to keep. */
    readonly folder: string | undefined;
    /** The command to try next. */
    readonly next: string | undefined;
  },
): string[] {
  const isAlone =
    new Set(result.cells.map((cell) => `${cell.engine} ${storyName(cell)}`)).size === 1;
  return [
    ...result.engines.flatMap((engine) =>
      engineReport(
        result.cells.filter((cell) => cell.engine === engine.name),
        engine,
        screen,
        { ...how, showTimeline: isAlone || how.verbose },
      ),
    ),
    ...result.absent.flatMap(({ name, why }) => [
      '',
      `engine: ${name} was not used, since it is not there: ${plain(why)}`,
    ]),
    ...leftOut(result, screen),
    ...(isAlone ? [] : notRun(result.cells, screen)),
    ...strict(result, screen, { isAlone }),
    ...footer(result, screen, how),
  ];
}

function engineReport(
  cells: readonly CellResult[],
  { name, why, title, kernel }: EngineOfRun,
  screen: Screen,
  how: {
    readonly verbose: boolean;
    readonly showTimeline: boolean;
    readonly folder: string | undefined;
  },
): string[] {
  const failed = cells.filter(({ verdict }) => verdict === 'fail');
  const stories = [...new Set([...failed, ...cells].map(storyName))];
  const shown = { engineTitle: title, kernel, ...how };
  return [
    `engine: ${name} (${why})`,
    ...stories.flatMap((story) => [
      '',
      ...labReport(
        cells.filter((cell) => storyName(cell) === story),
        screen,
        shown,
      ),
    ]),
  ];
}
