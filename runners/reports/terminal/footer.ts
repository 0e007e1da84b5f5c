import type { RunResult } from '../../results/result.ts';
import { paint, type Screen } from './text.ts';

/** The last lines: counts, times, where the evidence lies, and what to do next. */
export function footer(
  { cells, durationMs, interrupted, engines }: RunResult,
  screen: Screen,
  { folder, next }: { folder: string | undefined; next: string | undefined },
): string[] {
  const colours = paint(screen);
  const count = (verdict: string) => cells.filter((cell) => cell.verdict === verdict).length;
  const counts = (
    [
      ['pass', 'passed', colours.green],
      ['fail', 'failed', colours.red],
      ['unknown', 'unknown', colours.yellow],
      ['not-run', 'not run', colours.yellow],
    ] as const
  ).flatMap(([verdict, word, colour]) =>
    count(verdict) > 0 ? [colour(`${count(verdict)} ${word}`)] : [],
  );
  const what = [`${counts.join(', ') || 'nothing was run'} in ${(durationMs / 1000).toFixed(2)} s`];
  for (const { processor } of engines) {
    const { allMs, programsMs } = processor;
    if (allMs === null) continue;
    what.push(`processor time ${seconds(allMs)}, ${seconds(programsMs)} of it the programs'`);
  }
  if (folder !== undefined) what.push(`evidence in ${folder}`);
  if (next !== undefined && !interrupted) what.push(`next: ${next}`);
  const lines = what.join(' · ').length + 2 <= screen.columns ? [what.join(' · ')] : what;
  return [...(interrupted ? ['', '  interrupted'] : []), '', ...lines.map((line) => `  ${line}`)];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
