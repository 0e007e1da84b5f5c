import { paint, plain, type Screen, wrap } from '../reports/terminal/text.ts';
import { timeline } from '../reports/terminal/timeline.ts';
import type { Checked } from './checker.ts';
import type { Point } from './examine.ts';
import type { Task } from './load.ts';
import { shown } from './shown.ts';

const SIGNS = { met: '✔', 'not met': '✘', unknown: '?' } as const;

/** What a check has shown: the points, the timeline where not all are met, and what the program itself said. */
export function checkReport({ points, verdict, ran, compiler }: Checked, screen: Screen): string[] {
  const outputs = ran?.result.outputs.filter(({ role }) => role === 'client') ?? [];
  const said = outputs.flatMap(({ out, err }) => [...out, ...err]).slice(-MOST_SAID);
  const more = [
    ...(ran === null ? [] : ['', ...timeline(ran.result, screen)]),
    ...block('your client said', said),
    ...block('the compiler said', compiler.slice(0, MOST_SAID)),
  ];
  return [...pointLines(points, screen), ...(verdict === 'pass' ? [] : more)];
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `  ${title}`, ...lines.map((line) => `    ${plain(line)}`)];
}

/** What follows from it: the explanation of what is solved, or what the run itself showed. */
export function conclusion(
  { verdict, ran }: Checked,
  { exercise }: Pick<Task, 'exercise'>,
): string | undefined {
  if (verdict === 'pass') return exercise.explains;
  return ran === null ? undefined : shown(ran.observation, exercise.survives);
}

const MOST_SAID = 12;

function pointLines(points: readonly Point[], screen: Screen): string[] {
  const colours = paint(screen);
  const width = Math.max(...points.map(({ asks }) => asks.length));
  return points.flatMap(({ asks, standing, shows }) => {
    const colour = { met: colours.green, 'not met': colours.red, unknown: colours.yellow };
    const sign = colour[standing](SIGNS[standing]);
    if (standing === 'met') return [`  ${sign} ${asks}`];
    const beside = `  ${sign} ${asks.padEnd(width)}  ${plain(shows)}`;
    if (4 + width + 2 + shows.length <= screen.columns) return [beside];
    return [
      `  ${sign} ${asks}`,
      ...wrap(plain(shows), screen.columns - 6).map((line) => `      ${line}`),
    ];
  });
}
