import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { placeOf } from '../workshop/lessons/lesson.ts';
import { loadLessons } from '../workshop/lessons/load.ts';
import { fileNameOf } from '../workshop/lessons/material.ts';
import { ownFile } from '../workshop/own/desk.ts';
import { workshopFolder } from '../workshop/own/folder.ts';
import { LIMITS } from './limits.ts';
import { PROGRESS } from './manifest.ts';

export type OwnText = { readonly path: string; readonly text: string };
/** What a participant has, and what of it is left out, with the reason. */
export type OwnTexts = { readonly found: readonly OwnText[]; readonly leftOut: readonly string[] };

/**
 * The participant's files of the exercises of some labs, in all languages, and the state of the workshop. Nothing else
 * of the folder is looked at.
 *
 * @param labs numbers: `04`
 */
export async function ownTexts(
  labs: ReadonlySet<string>,
  workshop: string = workshopFolder(),
): Promise<OwnTexts> {
  const [stories, languages] = await Promise.all([loadLabs(['all']), loadLanguages(['all'], '-')]);
  const lessons = await loadLessons(stories.filter(({ number }) => labs.has(number)));
  const paths = new Map([[PROGRESS, join(workshop, 'progress.yaml')]]);
  for (const lesson of lessons) {
    for (const task of lesson.tasks) {
      for (const language of languages) {
        if (!(placeOf(task.exercise) in language.run)) continue;
        const { path } = ownFile(lesson, task, language, workshop);
        paths.set(`workshop/${lesson.folder}/${fileNameOf(task, language)}`, path);
      }
    }
  }
  const found: OwnText[] = [];
  const leftOut: string[] = [];
  for (const [path, file] of paths) {
    const text = await textOf(file);
    if (text === undefined) continue;
    if ('why' in text) leftOut.push(`${path}: ${text.why}`);
    else found.push({ path, ...text });
  }
  return { found, leftOut };
}

/** A link could lead to anything of this machine. */
async function textOf(file: string): Promise<{ text: string } | { why: string } | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (!stats.isFile()) return { why: 'it is no plain file' };
  if (stats.size > LIMITS.ownFile) return { why: `it has ${stats.size} bytes` };
  return { text: await readFile(file, 'utf8') };
}
