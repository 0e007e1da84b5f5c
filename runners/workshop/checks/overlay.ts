import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { NamedLanguage } from '../../catalog/language.ts';
import { languageRecipe } from '../../engines/docker/image-recipe.ts';
import { isKept } from '../../kept.ts';
import { CACHE, exists, inProject, ROOT } from '../../paths.ts';
import { sweepFolder } from '../files/sweep.ts';
import { newToken, unfinished } from '../files/token.ts';

/** Where the copies lie. */
export const COPIES = join(CACHE, 'workshop');

/**
 * A language with one of its sources replaced: a copy of all that its programs, or its image, are made of, kept by
 * its content while it is used. To the engines it is a language of its own.
 *
 * @param source the file that is replaced, as the language names it
 * @param text what stands in its place
 */
export async function overlay(
  language: NamedLanguage,
  source: string,
  text: string,
): Promise<NamedLanguage> {
  const { files } = languageRecipe(language);
  const replaced = relative(ROOT, join(language.folder, source));
  const contents = await Promise.all(
    files.map(async (file) =>
      file === replaced ? Buffer.from(text) : readFile(inProject(file)).catch(() => null),
    ),
  );
  const hash = createHash('sha256');
  for (const [place, content] of contents.entries()) {
    hash.update(`${files[place]}\n${content?.length}\n`).update(content ?? '');
  }
  const id = `${language.of}.yours-${hash.digest('hex').slice(0, 12)}`;
  const root = join(COPIES, id);
  if (!(await isKept(root))) await copy(root, files, replaced, text);
  return { ...language, id, runtime: id, folder: join(root, relative(ROOT, language.folder)) };
}

async function copy(
  root: string,
  files: readonly string[],
  replaced: string,
  text: string,
): Promise<void> {
  await sweepFolder(COPIES);
  // Under a name of its own until it is whole, so that two at once cannot spoil it.
  const making = unfinished(root, await newToken());
  try {
    await mkdir(making, { recursive: true });
    for (const file of files) {
      const to = join(making, file);
      await mkdir(dirname(to), { recursive: true });
      if (file === replaced) await writeFile(to, text);
      // A language may have no Dockerfile: its image is missed where one is asked for.
      else if (await exists(inProject(file))) await copyFile(inProject(file), to);
    }
    await rename(making, root);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (!(await exists(root))) throw error;
  }
}
