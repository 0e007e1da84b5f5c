import { loadLabs } from '../catalog/load.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { screenOf } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';
import { currentLesson, type Filter, nextOf } from '../workshop/course.ts';
import { keep, layOut, ownFile, STATE, startAgain } from '../workshop/desk.ts';
import { loadLessons, type NamedLesson } from '../workshop/load.ts';
import { ownLanguage } from '../workshop/own-language.ts';
import type { Show } from '../workshop/play.ts';
import { Progress } from '../workshop/progress.ts';
import { heading, list } from '../workshop/screens.ts';
import { tellResult } from './tell-result.ts';

export type WorkshopOptions = {
  readonly language?: string;
  readonly engine: EngineChoice;
  readonly list?: Filter | true;
  readonly reset?: string;
  readonly skip?: string;
};

/** Leads a participant through the labs; see `npm run workshop -- --help`. */
export async function workshopCommand(
  options: WorkshopOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const lessons = await loadLessons(await loadLabs(['all']));
  if (options.reset === 'all') return await resetAll(lessons);
  const progress = await Progress.read(STATE);
  if (options.language !== undefined) {
    // A mistyped name must not be kept.
    await ownLanguage(options.language, '--language');
    await progress.choose(options.language);
  }
  if (options.reset !== undefined) return await reset(options.reset, lessons, progress);
  if (options.skip !== undefined) {
    const { folder } = await lessonOf(options.skip, lessons);
    await progress.set(folder, ['skipped'], true);
    process.stdout.write(
      `${folder} is skipped. It stays in the list: npm run workshop -- --list\n`,
    );
    return EXIT.pass;
  }
  if (options.list !== undefined) {
    const filter = options.list === true ? undefined : options.list;
    process.stdout.write(`${list(lessons, progress, filter).join('\n')}\n`);
    return EXIT.pass;
  }
  if (process.stdin.isTTY && process.stdout.isTTY) {
    const { lead } = await import('../workshop/lead.ts');
    const choice = await chooseEngine(options.engine);
    const show: Show = (result, folder) =>
      tellResult(result, { json: false, verbose: false, folder, next: undefined });
    return await lead({ lessons, progress, choice, show }, interruption);
  }
  process.stdout.write(`${(await whatNext(lessons, progress)).join('\n')}\n`);
  return EXIT.pass;
}

/** For who has no terminal: where the participant is, and the commands that go on. */
async function whatNext(lessons: readonly NamedLesson[], progress: Progress): Promise<string[]> {
  const lesson = currentLesson(lessons, progress);
  if (lesson === undefined) return ['All labs are done. See them: npm run workshop -- --list'];
  if (progress.language === undefined) {
    return ['Choose your language first: npm run workshop -- --language python'];
  }
  const language = await ownLanguage(progress.language, STATE);
  const next = nextOf(lesson, progress);
  const [first] = lesson.tasks;
  const task = next.what === 'exercise' ? next.task : first;
  const file = task && language && ownFile(lesson, task, language);
  if (task && language && file) await layOut(file, task, language);
  const { name, story, number } = lesson;
  const variant = story.variant === null ? '' : ` --variant ${story.variant}`;
  return [
    ...heading(lesson, lessons, progress, screenOf(process.stdout)),
    'This is no terminal in which keys can be pressed. Go on by commands:',
    `  npm run lab ${name} -- --client ${progress.language}${variant}`,
    ...(file ? [`  npm run check ${number}   (your file: ${file.shown})`] : []),
    `  npm run workshop -- --skip ${number}`,
  ];
}

async function lessonOf(name: string, lessons: readonly NamedLesson[]): Promise<NamedLesson> {
  const [story] = await loadLabs([name]);
  const found = lessons.find((lesson) => lesson.number === story?.number);
  if (found === undefined) throw new Error(`no lesson of ${name}`);
  return found;
}

async function reset(
  name: string,
  lessons: readonly NamedLesson[],
  progress: Progress,
): Promise<ExitStatus> {
  const lesson = await lessonOf(name, lessons);
  const kept = await startersAgain([lesson], progress);
  await progress.forget(lesson.folder);
  process.stdout.write(`${[...kept, `${lesson.folder} begins anew.`].join('\n')}\n`);
  return EXIT.pass;
}

/** Also where the state cannot be read: it is kept beside the new one. */
async function resetAll(lessons: readonly NamedLesson[]): Promise<ExitStatus> {
  const progress = await Progress.read(STATE).catch(async (error) => {
    if (!(error instanceof UserError)) throw error;
    process.stdout.write(`The old state is kept: ${await keep(STATE)}\n`);
    return await Progress.read(STATE);
  });
  const kept = await startersAgain(lessons, progress);
  await progress.forget();
  process.stdout.write(`${[...kept, 'The workshop begins anew.'].join('\n')}\n`);
  return EXIT.pass;
}

async function startersAgain(
  lessons: readonly NamedLesson[],
  progress: Progress,
): Promise<string[]> {
  if (progress.language === undefined) return [];
  const language = await ownLanguage(progress.language, STATE);
  const lines: string[] = [];
  for (const lesson of lessons) {
    for (const task of lesson.tasks) {
      const file = ownFile(lesson, task, language);
      const { kept } = await startAgain(file, task, language);
      if (kept !== undefined) lines.push(`${file.shown} is new; what was there: ${kept}`);
    }
  }
  return lines;
}
