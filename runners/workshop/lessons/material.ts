import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { NamedLanguage } from '../../catalog/language.ts';
import type { ProgramName } from '../../catalog/programs.ts';
import { sourceOf } from '../../catalog/source.ts';
import { inProject } from '../../paths.ts';
import { placeOf } from './lesson.ts';
import type { Task } from './named-lesson.ts';

/** The file name that a participant's program must have: it takes the place of a program of the kit. */
export function fileNameOf({ exercise }: Pick<Task, 'exercise'>, language: NamedLanguage): string {
  return basename(sourceOf(language, placeOf(exercise)));
}

/** The program that is given. */
export function starterText(
  task: Pick<Task, 'exercise' | 'folder'>,
  language: NamedLanguage,
): Promise<string> {
  const { exercise } = task;
  return exercise.changes === 'client'
    ? sourceText(language, exercise.starter)
    : ownText(task, 'starter', language);
}

/**
 * The model solution. That of a client is the program of the cure, as a file of the starter's name: what bears the
 * name of that program, a class say, or a module `AskRetry` of `ask_retry.ex`, bears the starter's.
 */
export async function solutionText(
  task: Pick<Task, 'exercise' | 'cure' | 'folder'>,
  language: NamedLanguage,
): Promise<string> {
  const { exercise, cure } = task;
  if (exercise.changes === 'server') return await ownText(task, 'solution', language);
  const to = spellings(exercise.starter);
  const text = await sourceText(language, cure.client.program);
  return spellings(cure.client.program).reduce(
    (text, from, place) => text.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to[place] ?? ''),
    text,
  );
}

/** Whether an exercise can be done in a language: that of a server needs a starter in it. */
export async function isIn(
  { exercise, folder }: Pick<Task, 'exercise' | 'folder'>,
  language: NamedLanguage,
): Promise<boolean> {
  if (exercise.changes === 'client') return true;
  const files: string[] = await readdir(inProject(`${folder}/starter`)).catch(() => []);
  return files.includes(fileNameOf({ exercise }, language));
}

/** `ask-retry`, `ask_retry`, `AskRetry` */
function spellings(program: ProgramName): readonly string[] {
  const camel = program.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  return [program, program.replaceAll('-', '_'), camel];
}

function sourceText(language: NamedLanguage, program: ProgramName): Promise<string> {
  return readFile(join(language.folder, sourceOf(language, program)), 'utf8');
}

function ownText(
  task: Pick<Task, 'exercise' | 'folder'>,
  which: 'starter' | 'solution',
  language: NamedLanguage,
): Promise<string> {
  return readFile(inProject(`${task.folder}/${which}/${fileNameOf(task, language)}`), 'utf8');
}
