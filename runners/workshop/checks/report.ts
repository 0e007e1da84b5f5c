import { paint, plain, type Screen, wide, wrap } from '../../reports/terminal/text.ts';
import { timeline } from '../../reports/terminal/timeline.ts';
import type { Task } from '../lessons/named-lesson.ts';
import type { Checked } from './checker.ts';
import type { Point } from './examine/point.ts';
import { shownByClient } from './examine/shown-by-client.ts';
import { shownByServer } from './examine/shown-by-server.ts';
import { withOwnNames } from './file-names.ts';

const SIGNS = { met: '✔', 'not met': '✘', unknown: '?' } as const;

/** Longer lines of text are hard to read. */
const MOST_COLUMNS = 100;

type Shown = Pick<Checked, 'points' | 'verdict' | 'compiler' | 'changes'> & {
  readonly ran: Pick<NonNullable<Checked['ran']>, 'result'> | null;
};

/** All of a check, for who has no terminal in which keys can be pressed: the task, what was shown, what follows. */
export function wholeReport(
  {
    title,
    task,
    checked,
    says,
  }: {
    readonly title: string;
    readonly task: string | undefined;
    readonly checked: Shown;
    readonly says: string | null | undefined;
  },
  screen: Screen,
): string[] {
  const say = (text: string) => wrap(text, Math.min(screen.columns, MOST_COLUMNS));
  return [
    title,
    ...(task === undefined ? [] : say(task)),
    '',
    ...checkReport(checked, screen),
    '',
    ...(checked.verdict === 'pass' ? ['Solved.'] : []),
    ...say(says ?? 'Not solved yet.'),
  ];
}

/**
 * What a check has shown: the points; before them, where not all are met, the timeline and what the program itself
 * said. What is read first stands last, above the prompt: on a small terminal the rest leaves the screen.
 */
export function checkReport(
  { points, verdict, ran, compiler, changes }: Shown,
  screen: Screen,
): string[] {
  const outputs = ran?.result.outputs.filter(({ role }) => role === changes) ?? [];
  const said = outputs
    .flatMap(({ out, err }) => [...out, ...err])
    .slice(-MOST_SAID)
    .map(withOwnNames);
  const more = [
    ...(ran === null ? [] : [...timeline(ran.result, wide(screen)), '']),
    ...block(`your ${changes} said`, said),
    ...block('the compiler said', compiler.slice(0, MOST_SAID)),
  ];
  return [...(verdict === 'pass' ? [] : more), ...pointLines(points, screen)];
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${plain(line)}`), ''];
}

/** What follows from it: the explanation of what is solved, or what the run itself showed. */
export function conclusion(
  { verdict, ran }: Checked,
  { exercise }: Pick<Task, 'exercise'>,
): string | undefined {
  if (verdict === 'pass') return exercise.explains;
  if (ran === null) return undefined;
  return exercise.changes === 'client'
    ? shownByClient(ran.observation, exercise.survives)
    : shownByServer(ran.observation, exercise.serves);
}

const MOST_SAID = 12;

function pointLines(points: readonly Point[], screen: Screen): string[] {
  const colours = paint(screen);
  const width = Math.max(...points.map(({ asks }) => asks.length));
  return points.flatMap(({ asks, standing, shows }) => {
    const colour = { met: colours.green, 'not met': colours.red, unknown: colours.yellow };
    const sign = colour[standing](SIGNS[standing]);
    const [first = '', ...rest] = wrap(asks, screen.columns - 4);
    const asked = [`  ${sign} ${first}`, ...rest.map((line) => `    ${line}`)];
    if (standing === 'met') return asked;
    const beside = `  ${sign} ${asks.padEnd(width)}  ${plain(shows)}`;
    if (4 + width + 2 + shows.length <= screen.columns) return [beside];
    return [...asked, ...wrap(plain(shows), screen.columns - 6).map((line) => `      ${line}`)];
  });
}
