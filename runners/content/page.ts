import type { NamedLanguage } from '../catalog/language.ts';
import type { Said } from '../docs/make.ts';
import { table } from '../docs/markdown.ts';
import { ownPage } from '../docs/own-page.ts';
import { isIn } from '../workshop/lessons/material.ts';
import type { NamedLesson } from '../workshop/lessons/named-lesson.ts';

/** The page that lists the exercises. */
export const PAGE = 'docs/exercises.md';

/**
 * Writes the generated part of the page, or looks whether it says the same.
 *
 * @param languages all that have programs of their own, flavours left out
 */
export async function exercisesPage(
  lessons: readonly NamedLesson[],
  languages: readonly NamedLanguage[],
  check: boolean,
): Promise<Said> {
  const exercises = await exercisesTable(lessons, languages);
  return await ownPage(PAGE, { exercises }, { check, again: 'npm run content -- --save' });
}

async function exercisesTable(
  lessons: readonly NamedLesson[],
  languages: readonly NamedLanguage[],
): Promise<string[]> {
  const rows = lessons.flatMap(({ folder, number, name, tasks }) =>
    tasks.map(async (task) => {
      const possible = await Promise.all(languages.map((language) => isIn(task, language)));
      const titles = languages.filter((_, place) => possible[place]).map(({ title }) => title);
      return [
        `[${number} ${name}](../labs/${folder}/README.md)`,
        task.name,
        `the ${task.exercise.changes}`,
        task.exercise.task,
        titles.length === languages.length ? 'all' : titles.join(', '),
      ];
    }),
  );
  const headings = ['lab', 'exercise', 'you change', 'what it must do', 'languages'];
  return table(headings, await Promise.all(rows));
}
