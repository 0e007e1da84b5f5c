import type { RunResult } from '../../results/result.ts';
import { footer } from './footer.ts';
import { labReport } from './lab-report.ts';
import { storyName } from './summary.ts';
import type { Screen } from './text.ts';

/** All that a person sees of a run, in lines. */
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
  const stories = [...new Set(result.cells.map(storyName))];
  const { engine, machine } = result;
  return [
    `engine: ${engine.name} (${engine.why})`,
    ...stories.flatMap((story) => [
      '',
      ...labReport(
        result.cells.filter((cell) => storyName(cell) === story),
        screen,
        {
          engineTitle: engine.title,
          kernel: machine.kernel,
          showTimeline: stories.length === 1 || how.verbose,
          verbose: how.verbose,
        },
      ),
    ]),
    ...footer(result, screen, how),
  ];
}
