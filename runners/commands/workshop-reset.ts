import { loadLabs } from '../catalog/load.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';
import { keep } from '../workshop/files/keep.ts';
import type { NamedLesson } from '../workshop/lessons/named-lesson.ts';
import { startersAgain } from '../workshop/own/desk.ts';
import { stateFile } from '../workshop/own/folder.ts';
import { ownLanguage } from '../workshop/own/own-language.ts';
import { Progress } from '../workshop/own/progress.ts';

/** The lessons of labs that a person named. */
export async function lessonsNamed(
  names: readonly string[],
  lessons: readonly NamedLesson[],
): Promise<NamedLesson[]> {
  const numbers = new Set((await loadLabs(names)).map(({ number }) => number));
  return lessons.filter(({ number }) => numbers.has(number));
}

/** Lets labs begin anew; what a participant has written stays beside what is new. */
export async function reset(
  names: readonly string[],
  lessons: readonly NamedLesson[],
): Promise<ExitStatus> {
  const chosen = await lessonsNamed(names, lessons);
  return names.includes('all') ? await resetAll(lessons) : await resetSome(chosen);
}

async function resetSome(lessons: readonly NamedLesson[]): Promise<ExitStatus> {
  const progress = await Progress.read(stateFile());
  for (const lesson of lessons) {
    const kept = await keptOf([lesson], progress);
    const isBegun = kept.length > 0 || Object.keys(progress.lab(lesson.folder)).length > 0;
    await progress.forget(lesson.folder);
    const what = isBegun ? 'begins anew.' : 'was not begun: there is nothing to forget.';
    process.stdout.write(`${[...kept, `${lesson.folder} ${what}`].join('\n')}\n`);
  }
  return EXIT.pass;
}

/** Also where the state cannot be read: it is kept beside the new one. */
async function resetAll(lessons: readonly NamedLesson[]): Promise<ExitStatus> {
  const progress = await Progress.read(stateFile()).catch(async (error) => {
    if (!(error instanceof UserError)) throw error;
    process.stdout.write(`The old state is kept: ${await keep(stateFile())}\n`);
    return await Progress.read(stateFile());
  });
  const kept = await keptOf(lessons, progress);
  await progress.forget();
  process.stdout.write(`${[...kept, 'The workshop begins anew.'].join('\n')}\n`);
  return EXIT.pass;
}

async function keptOf(lessons: readonly NamedLesson[], progress: Progress): Promise<string[]> {
  if (progress.language === undefined) return [];
  return await startersAgain(lessons, await ownLanguage(progress.language, stateFile()));
}
