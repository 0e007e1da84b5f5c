import { pathToFileURL } from 'node:url';
import type { NamedLab } from '../../catalog/lab.ts';
import type { NamedLanguage } from '../../catalog/language.ts';
import { exists, inProject } from '../../paths.ts';
import { UserError } from '../../user-error.ts';
import type { Exercises, Lesson } from './lesson.ts';
import { isIn } from './material.ts';
import type { NamedLesson, Task } from './named-lesson.ts';

/**
 * The lessons of labs, in their order.
 *
 * @param stories all stories of the labs, cures too
 * @throws UserError where a lab has no lesson, or where one names what is not there
 */
export async function loadLessons(stories: readonly NamedLab[]): Promise<NamedLesson[]> {
  const folders = [...new Set(stories.map(({ number, name }) => `${number}-${name}`))];
  return await Promise.all(
    folders.map(async (folder) => {
      const own = stories.filter(({ number, name }) => `${number}-${name}` === folder);
      const lesson = await load<Lesson>(`labs/${folder}/lesson.ts`);
      if (lesson === undefined) throw new UserError(`labs/${folder}/lesson.ts is missing: ${MEND}`);
      const exercises = await load<Exercises>(`labs/${folder}/exercises.ts`);
      return named({ lesson, exercises: exercises ?? {}, stories: own, folder });
    }),
  );
}

/** Lessons with the exercises that can be done in a language. */
export async function lessonsIn(
  lessons: readonly NamedLesson[],
  language: NamedLanguage,
): Promise<NamedLesson[]> {
  return await Promise.all(
    lessons.map(async (lesson) => {
      const possible = await Promise.all(lesson.tasks.map((task) => isIn(task, language)));
      return { ...lesson, tasks: lesson.tasks.filter((_, place) => possible[place]) };
    }),
  );
}

const MEND = 'write what the workshop makes of the lab, as labs/04-crash-server/lesson.ts does.';

async function load<T>(path: string): Promise<T | undefined> {
  const file = inProject(path);
  if (!(await exists(file))) return undefined;
  return ((await import(pathToFileURL(file).href)) as { default: T }).default;
}

function named({
  lesson,
  exercises,
  stories,
  folder,
}: {
  readonly lesson: Lesson;
  readonly exercises: Exercises;
  readonly stories: readonly NamedLab[];
  readonly folder: string;
}): NamedLesson {
  const variant = lesson.variant ?? null;
  const plain = stories.filter(({ cure }) => cure === null);
  const story = plain.find((one) => one.variant === variant);
  const [first] = stories;
  if (story === undefined || first === undefined) {
    const all = plain.flatMap((one) => one.variant ?? []).join(', ') || 'none: leave it out';
    throw new UserError(
      `labs/${folder}/lesson.ts: \`variant\` is "${variant}". Variants of the lab: ${all}.`,
    );
  }
  const tasks = Object.entries(exercises).map(([name, exercise]): Task => {
    const cure = stories.find((one) => one.cure === name);
    const cured = plain.find((one) => one.variant === cure?.variant) ?? story;
    if (cure === undefined) {
      const all = stories.flatMap((one) => one.cure ?? []).join(', ') || 'none';
      throw new UserError(
        `labs/${folder}/exercises.ts: \`${name}\` is no cure of the lab. Its cures: ${all}.`,
      );
    }
    const own = `labs/${folder}/exercises/${name}`;
    return { name, folder: own, exercise, cure, plain: cured };
  });
  const { number, name, headline } = first;
  return { ...lesson, folder, number, name, headline, story, tasks };
}
