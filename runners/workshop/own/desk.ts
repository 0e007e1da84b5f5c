import { dirname, join } from 'node:path';
import type { NamedLanguage } from '../../catalog/language.ts';
import { UserError } from '../../user-error.ts';
import { isCreated } from '../files/create.ts';
import { keep } from '../files/keep.ts';
import { makeFolder, shownPath, unwritable, whatIs } from '../files/place.ts';
import { fileNameOf, starterText } from '../lessons/material.ts';
import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import { workshopFolder } from './folder.ts';
import { assertInside, assertOwn, type OwnFile, ownText } from './own-text.ts';

export { type OwnFile, ownText } from './own-text.ts';

/** `workshop/04-crash-server/ask.py` */
export function ownFile(
  lesson: Pick<NamedLesson, 'folder'>,
  task: Pick<Task, 'exercise'>,
  language: NamedLanguage,
  workshop: string = workshopFolder(),
): OwnFile {
  const path = join(workshop, lesson.folder, fileNameOf(task, language));
  return { path, shown: shownPath(path) };
}

/**
 * Lays the starter out, where no file of the participant's is there.
 *
 * @returns whether it was laid out now
 * @throws UserError where it cannot be, or where what is there is no file of the workshop's folder
 */
export async function layOut(
  file: OwnFile,
  task: Pick<Task, 'exercise' | 'folder'>,
  language: NamedLanguage,
): Promise<boolean> {
  try {
    await makeFolder(dirname(file.path));
    await assertInside(file, dirname(file.path));
    if (whatIs(file.path) === undefined) {
      return await isCreated(file.path, await starterText(task, language));
    }
  } catch (error) {
    throw unwritable(file.path, error);
  }
  await assertOwn(file);
  return false;
}

/** Lays the starter out again; what a participant has there is kept beside it, `ask.py.old`. */
export async function startAgain(
  file: OwnFile,
  task: Pick<Task, 'exercise' | 'folder'>,
  language: NamedLanguage,
): Promise<{ readonly kept: string | undefined }> {
  try {
    if (whatIs(file.path) === undefined) return { kept: undefined };
    await assertInside(file, dirname(file.path));
  } catch (error) {
    throw unwritable(file.path, error);
  }
  const starter = await starterText(task, language);
  const own = await ownText(file).catch((error) => {
    // What is no program is kept, too.
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (own === starter) return { kept: undefined };
  const kept = await keep(file.path);
  await layOut(file, task, language);
  return { kept: shownPath(kept) };
}

/** Lays all starters of lessons out again; returns a sentence for each file of the participant's that was kept. */
export async function startersAgain(
  lessons: readonly NamedLesson[],
  language: NamedLanguage,
  workshop: string = workshopFolder(),
): Promise<string[]> {
  const lines: string[] = [];
  for (const lesson of lessons) {
    for (const task of lesson.tasks) {
      const file = ownFile(lesson, task, language, workshop);
      const { kept } = await startAgain(file, task, language);
      if (kept !== undefined) lines.push(`${file.shown} is new; what was there: ${kept}`);
    }
  }
  return lines;
}
