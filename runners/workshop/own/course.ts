import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import type { Progress } from './progress.ts';

/** What comes next in a lesson. */
export type Next =
  | { readonly what: 'predict' }
  | { readonly what: 'run' }
  | { readonly what: 'exercise'; readonly task: Task }
  | { readonly what: 'done' };

export function nextOf(lesson: NamedLesson, progress: Progress): Next {
  const { predicted, ran, solved = {} } = progress.lab(lesson.folder);
  const task = lesson.tasks.find(({ name }) => solved[name] === undefined);
  // Without a terminal exercises are done by themselves.
  if (task === undefined && lesson.tasks.length > 0) return { what: 'done' };
  if (predicted === undefined) return { what: 'predict' };
  if (ran === undefined) return { what: 'run' };
  return task === undefined ? { what: 'done' } : { what: 'exercise', task };
}

/** The first lesson with something to do that was not skipped. */
export function currentLesson(
  lessons: readonly NamedLesson[],
  progress: Progress,
): NamedLesson | undefined {
  return lessons.find((lesson) => standing(lesson, progress) === 'todo');
}

/** The next such lesson behind one; the last is followed by the first. */
export function lessonAfter(
  lesson: NamedLesson | undefined,
  lessons: readonly NamedLesson[],
  progress: Progress,
): NamedLesson | undefined {
  const place = lesson === undefined ? 0 : lessons.indexOf(lesson) + 1;
  return currentLesson([...lessons.slice(place), ...lessons.slice(0, place)], progress);
}

export const FILTERS = ['todo', 'done', 'skipped'] as const;
export type Filter = (typeof FILTERS)[number];

export function standing(lesson: NamedLesson, progress: Progress): Filter {
  if (nextOf(lesson, progress).what === 'done') return 'done';
  return progress.lab(lesson.folder).skipped === true ? 'skipped' : 'todo';
}
