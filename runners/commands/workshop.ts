import { loadLabs } from '../catalog/load.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { screenOf } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { sweep } from '../workshop/files/sweep.ts';
import { lessonsIn, loadLessons } from '../workshop/lessons/load.ts';
import type { NamedLesson } from '../workshop/lessons/named-lesson.ts';
import { currentLesson, type Filter, standing } from '../workshop/own/course.ts';
import { layOut, ownFile } from '../workshop/own/desk.ts';
import { stateFile } from '../workshop/own/folder.ts';
import { ownLanguage } from '../workshop/own/own-language.ts';
import { Progress } from '../workshop/own/progress.ts';
import type { Show } from '../workshop/visit/play.ts';
import { heading, list } from '../workshop/visit/screens.ts';
import { tellResult } from './tell-result.ts';
import { lessonsNamed, reset } from './workshop-reset.ts';

export type WorkshopOptions = {
  readonly language?: string;
  readonly engine: EngineChoice;
  readonly list?: Filter | true;
  readonly reset?: readonly string[];
  readonly skip?: readonly string[];
};

/** Leads a participant through the labs; see `npm run workshop -- --help`. */
export async function workshopCommand(
  options: WorkshopOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const all = await loadLessons(await loadLabs(['all']));
  await sweep(stateFile());
  if (options.reset !== undefined) return await reset(options.reset, all);
  const progress = await Progress.read(stateFile());
  if (options.language !== undefined) {
    // A mistyped name must not be kept.
    await ownLanguage(options.language, '--language');
    await progress.choose(options.language);
  }
  const language = progress.language && (await ownLanguage(progress.language, stateFile()));
  const lessons = language ? await lessonsIn(all, language) : all;
  if (options.skip !== undefined) return await skip(options.skip, lessons, progress);
  if (options.list !== undefined) {
    const filter = options.list === true ? undefined : options.list;
    process.stdout.write(`${list(lessons, progress, filter).join('\n')}\n`);
    return EXIT.pass;
  }
  if (process.stdin.isTTY && process.stdout.isTTY) {
    const { lead } = await import('../workshop/visit/lead.ts');
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
  if (lesson === undefined) {
    const isSkipped = lessons.some((one) => standing(one, progress) === 'skipped');
    return isSkipped
      ? ['No lab is left but those that you have skipped: npm run workshop -- --list skipped']
      : ['All labs are done. See them: npm run workshop -- --list'];
  }
  if (progress.language === undefined) {
    return ['Choose your language first: npm run workshop -- --language python'];
  }
  const language = await ownLanguage(progress.language, stateFile());
  const { solved = {} } = progress.lab(lesson.folder);
  const [first] = lesson.tasks;
  const task = lesson.tasks.find(({ name }) => solved[name] === undefined);
  const file = task && language && ownFile(lesson, task, language);
  if (task && language && file) await layOut(file, task, language);
  const { name, story, number } = lesson;
  // The first is taken where none is named.
  const which = task === undefined || task === first ? '' : ` -- --exercise ${task.name}`;
  const variant = story.variant === null ? '' : ` --variant ${story.variant}`;
  return [
    ...heading(lesson, lessons, progress, screenOf(process.stdout)),
    'This is no terminal in which keys can be pressed. Go on by commands:',
    `  npm run lab ${name} -- --client ${progress.language}${variant}`,
    ...(file ? [`  npm run check ${number}${which}   (your file: ${file.shown})`] : []),
    `  npm run workshop -- --skip ${number}`,
  ];
}

async function skip(
  names: readonly string[],
  lessons: readonly NamedLesson[],
  progress: Progress,
): Promise<ExitStatus> {
  for (const lesson of await lessonsNamed(names, lessons)) {
    const standsAt = standing(lesson, progress);
    if (standsAt === 'todo') await progress.set(lesson.folder, ['skipped'], true);
    process.stdout.write(`${lesson.folder} ${SKIPPED[standsAt]}\n`);
  }
  return EXIT.pass;
}

const SKIPPED: Readonly<Record<Filter, string>> = {
  todo: 'is skipped. It stays in the list: npm run workshop -- --list',
  skipped: 'is skipped already.',
  done: 'is done: there is nothing to skip.',
};
