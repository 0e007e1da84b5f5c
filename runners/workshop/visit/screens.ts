import { paint, row, type Screen, wrap } from '../../reports/terminal/text.ts';
import type { Answer } from '../lessons/answers.ts';
import type { NamedLesson } from '../lessons/named-lesson.ts';
import { type Filter, nextOf, standing } from '../own/course.ts';
import type { Progress } from '../own/progress.ts';

/** Longer lines of text are hard to read. */
const MOST_COLUMNS = 100;
/** Narrower columns of text are harder still. */
const FEWEST_COLUMNS = 10;
const BAR = 21;

/** Text for a person, in lines. */
export function say(text: string, screen: Screen): string[] {
  return wrap(text, Math.min(screen.columns, MOST_COLUMNS));
}

/** Text behind a mark, `  a  `; its further lines begin where its first does. */
export function hang(mark: string, text: string, { columns }: Screen): string[] {
  const lines = wrap(text, Math.max(Math.min(columns, MOST_COLUMNS) - mark.length, FEWEST_COLUMNS));
  return lines.map((line, place) => `${place === 0 ? mark : ' '.repeat(mark.length)}${line}`);
}

/** What stands above each part of a lesson. */
export function heading(
  lesson: NamedLesson,
  lessons: readonly NamedLesson[],
  progress: Progress,
  screen: Screen,
): string[] {
  const done = lessons.filter((one) => standing(one, progress) === 'done').length;
  const full = Math.round((done / lessons.length) * BAR);
  const bar = `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${done} of ${lessons.length}`;
  const name = `Lab ${lesson.number} · ${lesson.name}`;
  const gap = Math.min(screen.columns, MOST_COLUMNS) - name.length - bar.length;
  const colours = paint(screen);
  const title = colours.bold(name);
  return [
    '',
    ...(gap < 2 ? [title, colours.dim(bar)] : [`${title}${' '.repeat(gap)}${colours.dim(bar)}`]),
    ...say(lesson.headline, screen),
    '',
  ];
}

/** The question, before anything runs. */
export function question(
  { setting }: NamedLesson,
  answers: readonly Answer[],
  language: string,
  screen: Screen,
): string[] {
  const colours = paint(screen);
  return [
    ...say(setting, screen),
    '',
    ...say(`How will it end for your client in ${language}?`, screen).map(colours.bold),
    ...answers.flatMap(({ happens, words }, place) => [
      ...hang(`  ${letter(place)}  `, happens, screen),
      ...(words === undefined ? [] : hang('     ', words, screen).map((line) => colours.dim(line))),
    ]),
  ];
}

export function letter(place: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + place);
}

/** What is said when it has been run: the answer that was chosen, and the one that came. */
export function answered(
  { answers, explains }: NamedLesson,
  chosen: Answer | undefined,
  came: readonly Answer[],
  screen: Screen,
): string[] {
  const colours = paint(screen);
  const isRight = came.some(({ outcome }) => outcome === chosen?.outcome);
  const feedback = ({ outcome }: Answer) => say(answers[outcome] ?? '', screen);
  const others = came.filter(({ outcome }) => outcome !== chosen?.outcome);
  return [
    '',
    ...(chosen === undefined
      ? []
      : [
          ...say(`You predicted: ${chosen.happens}.`, screen),
          isRight ? colours.green('So it was.') : colours.yellow('It was otherwise.'),
          ...feedback(chosen),
        ]),
    ...others.flatMap((answer) => [
      '',
      ...say(`It was: ${answer.happens}.`, screen),
      ...feedback(answer),
    ]),
    '',
    ...say(explains, screen),
  ];
}

const SIGNS: Readonly<Record<Filter, string>> = { done: '✔', todo: ' ', skipped: '–' };

/** All lessons, with what is to be done in each. */
export function list(
  lessons: readonly NamedLesson[],
  progress: Progress,
  filter: Filter | undefined,
  { columns }: Pick<Screen, 'columns'> = { columns: Number.POSITIVE_INFINITY },
): string[] {
  const shown = lessons.filter(
    (lesson) => filter === undefined || standing(lesson, progress) === filter,
  );
  const rows = shown.map((lesson) => {
    const next = nextOf(lesson, progress);
    const what = next.what === 'exercise' ? `exercise ${next.task.name}` : next.what;
    const exercises = lesson.tasks.map(({ name }) => name).join(', ') || '–';
    const sign = SIGNS[standing(lesson, progress)];
    return [sign, lesson.number, lesson.name, exercises, what === 'done' ? '' : what];
  });
  if (rows.length === 0) return ['None.'];
  const table = (all: readonly (readonly string[])[]) => {
    const widths = [0, 1, 2, 3].map((column) =>
      Math.max(...all.map((cells) => cells[column]?.length ?? 0)),
    );
    return all.map((cells) => row(cells, widths));
  };
  const all = [['', '', 'lab', 'exercises', 'next'], ...rows];
  const whole = table(all);
  if (whole.every((line) => line.length <= columns)) return whole;
  // What comes next names its exercise, too.
  return table(all.map((cells) => cells.filter((_, column) => column !== 3)));
}
