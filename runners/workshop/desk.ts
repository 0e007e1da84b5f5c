import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { NamedLanguage } from '../catalog/language.ts';
import type { ProgramName } from '../catalog/programs.ts';
import { sourceOf } from '../catalog/source.ts';
import { exists, inProject, ROOT } from '../paths.ts';
import type { NamedLesson, Task } from './load.ts';

/**
 * Where participants have their files and their state; nothing in it is the project's. `RESET_LABS_WORKSHOP` names
 * another folder, for those who share a clone, and for tests.
 */
export const WORKSHOP = resolve(process.env.RESET_LABS_WORKSHOP || inProject('workshop'));
export const STATE = join(WORKSHOP, 'progress.yaml');

/** A participant's file for an exercise. */
export type OwnFile = {
  readonly path: string;
  /** As a person types it. */
  readonly shown: string;
};

/** `workshop/04-crash-server/ask.py` */
export function ownFile(
  lesson: Pick<NamedLesson, 'folder'>,
  { exercise }: Pick<Task, 'exercise'>,
  language: NamedLanguage,
  workshop: string = WORKSHOP,
): OwnFile {
  const path = join(workshop, lesson.folder, basename(sourceOf(language, exercise.starter)));
  return { path, shown: shownPath(path) };
}

function shownPath(path: string): string {
  const way = relative(ROOT, path);
  return way.startsWith('..') ? path : way;
}

/**
 * Lays the starter out, where no file of the participant's is there.
 *
 * @returns whether it was laid out now
 */
export async function layOut(
  { path }: OwnFile,
  { exercise }: Pick<Task, 'exercise'>,
  language: NamedLanguage,
): Promise<boolean> {
  if (await exists(path)) return false;
  await mkdir(dirname(path), { recursive: true });
  const making = `${path}.${process.pid}.new`;
  await writeFile(making, await sourceText(language, exercise.starter));
  try {
    // Unlike a rename it never takes the place of a file that has come meanwhile.
    await link(making, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(making, { force: true });
  }
}

/** Lays the starter out again; what a participant has written is kept beside it, `ask.py.old`. */
export async function startAgain(
  file: OwnFile,
  task: Pick<Task, 'exercise'>,
  language: NamedLanguage,
): Promise<{ readonly kept: string | undefined }> {
  const starter = await sourceText(language, task.exercise.starter);
  const own = await readFile(file.path, 'utf8').catch(() => starter);
  const kept = own === starter ? undefined : await keep(file.path);
  if (kept !== undefined) await layOut(file, task, language);
  return { kept: kept && shownPath(kept) };
}

/** Gives a file another name, one that is free. */
export async function keep(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `${path}.old${number === 1 ? '' : `-${number}`}`;
    try {
      await link(path, name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      if (code !== 'EPERM') throw error;
      // A folder has one name only.
      await rename(path, name);
      return name;
    }
    await rm(path);
    return name;
  }
}

/** The source of a language's program. */
export function sourceText(language: NamedLanguage, program: ProgramName): Promise<string> {
  return readFile(join(language.folder, sourceOf(language, program)), 'utf8');
}

/**
 * The model solution, as a file of the starter's name: what bears the name of the cure's program, a class say, or a
 * module `AskRetry` of `ask_retry.ex`, bears the starter's.
 */
export async function solutionText(
  { exercise, cure }: Pick<Task, 'exercise' | 'cure'>,
  language: NamedLanguage,
): Promise<string> {
  const to = spellings(exercise.starter);
  const text = await sourceText(language, cure.client.program);
  return spellings(cure.client.program).reduce(
    (text, from, place) => text.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to[place] ?? ''),
    text,
  );
}

/** `ask-retry`, `ask_retry`, `AskRetry` */
function spellings(program: ProgramName): readonly string[] {
  const camel = program.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  return [program, program.replaceAll('-', '_'), camel];
}
