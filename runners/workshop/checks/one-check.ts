import { randomBytes } from 'node:crypto';
import type { NamedLanguage } from '../../catalog/language.ts';
import { loadLabs } from '../../catalog/load.ts';
import { suggestion } from '../../catalog/nearest.ts';
import { type Choice, chooseEngine, type EngineChoice } from '../../engines/choose.ts';
import { UserError } from '../../user-error.ts';
import { sweep } from '../files/sweep.ts';
import { lessonsIn, loadLessons } from '../lessons/load.ts';
import { isIn } from '../lessons/material.ts';
import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import { layOut, type OwnFile, ownFile, ownText } from '../own/desk.ts';
import { stateFile } from '../own/folder.ts';
import { ownLanguage } from '../own/own-language.ts';
import { Progress } from '../own/progress.ts';
import { type Checked, Checker } from './checker.ts';
import { conclusion } from './report.ts';

export type AskedCheck = {
  /** As a person names it: `crash-server`, `04`, `4`. It must be one. */
  readonly labs: readonly string[];
  readonly language?: string | undefined;
  readonly exercise?: string | undefined;
  readonly engine: EngineChoice;
};

/** A check that has happened. */
export type OneCheck = {
  readonly lesson: NamedLesson;
  readonly task: Task;
  readonly language: NamedLanguage;
  readonly file: OwnFile;
  readonly checked: Checked;
  /** The explanation, or what the run showed. */
  readonly says: string | undefined;
  readonly choice: Choice;
  readonly engine: Checker['engine'];
};

type How = {
  readonly interruption: AbortSignal;
  /** Tells a person what takes long. */
  readonly say: (text: string) => void;
};

/**
 * Checks the participant's file: lays it out where it is not there, keeps that it is solved.
 *
 * @param show is shown the check while hosts are still being taken away
 */
export async function checkOwn(
  asked: AskedCheck,
  { interruption, say }: How,
  show: (check: OneCheck) => void | Promise<void>,
): Promise<void> {
  const choosing = chooseEngine(asked.engine);
  choosing.catch(() => {});
  await sweep(stateFile());
  const progress = await Progress.read(stateFile());
  const { lesson, task } = await exerciseOf(asked);
  const named = asked.language ?? progress.language;
  if (named === undefined) {
    throw new UserError(
      `Your language is not known yet. Say it: npm run check ${lesson.number} -- --language python`,
    );
  }
  const language = await ownLanguage(
    named,
    asked.language === undefined ? stateFile() : '--language',
  );
  await assertIn(language, { lesson, task });
  if (progress.language === undefined) await progress.choose(named);
  const file = ownFile(lesson, task, language);
  if (await layOut(file, task, language)) {
    const what = { client: "the lab's own client", server: 'a server that fails so' };
    process.stderr.write(`${file.shown} is new: ${what[task.exercise.changes]}.\n`);
  }
  await checkFile(
    { lesson, task, language, file },
    await choosing,
    { interruption, say },
    async (one) => {
      // What was shown is told, also where it cannot be kept.
      const problem = await keep(one, progress).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      await show(one);
      if (problem !== undefined) throw problem.error;
    },
  );
}

async function keep({ checked, lesson, task }: OneCheck, progress: Progress): Promise<void> {
  if (checked.verdict !== 'pass') return;
  await progress.set(lesson.folder, ['solved', task.name], new Date().toISOString());
}

/**
 * Checks a file in another folder than the participant's own; nothing is laid out or kept.
 *
 * @throws UserError where it is not there
 */
export async function checkElsewhere(
  asked: AskedCheck & { readonly language: string; readonly workshop: string },
  how: How,
  show: (check: OneCheck) => void | Promise<void>,
): Promise<void> {
  const { lesson, task } = await exerciseOf(asked);
  const language = await ownLanguage(asked.language, '--language');
  await assertIn(language, { lesson, task });
  const file = ownFile(lesson, task, language, asked.workshop);
  await checkFile({ lesson, task, language, file }, await chooseEngine(asked.engine), how, show);
}

/** @throws UserError where it is not one lab, or where that has no such exercise */
export async function exerciseOf({
  labs,
  exercise,
}: Pick<AskedCheck, 'labs' | 'exercise'>): Promise<{ lesson: NamedLesson; task: Task }> {
  const lesson = await lessonOf(labs);
  return { lesson, task: taskOf(lesson, exercise) };
}

async function lessonOf(names: readonly string[]): Promise<NamedLesson> {
  const lessons = await loadLessons(await loadLabs(names));
  const [lesson, ...others] = lessons;
  if (lesson === undefined) throw new Error(`no lesson of ${names}`);
  if (others.length === 0) return lesson;
  const numbers = lessons.flatMap(({ number, tasks }) => (tasks.length > 0 ? number : []));
  throw new UserError(
    numbers.length > 0
      ? `You named ${lessons.length} labs, and one is checked at a time. Those with exercises: for lab in ${numbers.join(' ')}; do npm run check $lab; done`
      : `You named ${lessons.length} labs, and none of them has an exercise. List them: npm run workshop -- --list`,
  );
}

/** @throws UserError for an exercise of a server that has no starter in the language */
async function assertIn(
  language: NamedLanguage,
  { task, lesson }: Pick<OneCheck, 'task' | 'lesson'>,
): Promise<void> {
  if (await isIn(task, language)) return;
  const [other] = (await lessonsIn([lesson], language)).flatMap(({ tasks }) => tasks);
  const mend =
    other === undefined
      ? 'docs/exercises.md says which languages have one.'
      : `Do another: npm run check ${lesson.number} -- --exercise ${other.name}`;
  throw new UserError(
    `The exercise "${task.name}" of lab ${lesson.number} ${lesson.name} has no starter in ${language.title}. ${mend}`,
  );
}

async function checkFile(
  what: Pick<OneCheck, 'lesson' | 'task' | 'language' | 'file'>,
  choice: Choice,
  { interruption, say }: How,
  show: (check: OneCheck) => void | Promise<void>,
): Promise<void> {
  const { task, language, file } = what;
  const text = await ownText(file);
  interruption.throwIfAborted();
  const checker = await Checker.open(choice, `check-${randomBytes(3).toString('hex')}`, say);
  const stop = () => void checker.close().catch(() => {});
  interruption.addEventListener('abort', stop, { once: true });
  try {
    interruption.throwIfAborted();
    const checked = await checker.check({ ...task, language }, text);
    interruption.throwIfAborted();
    const says = conclusion(checked, task);
    await show({ ...what, checked, says, choice, engine: checker.engine });
  } finally {
    interruption.removeEventListener('abort', stop);
    await checker.close();
  }
}

function taskOf(lesson: NamedLesson, name: string | undefined): Task {
  const [first] = lesson.tasks;
  if (first === undefined) {
    throw new UserError(
      `Lab ${lesson.number} ${lesson.name} has no exercise. List them: npm run workshop -- --list`,
    );
  }
  if (name === undefined) return first;
  const found = lesson.tasks.find((task) => task.name === name);
  if (found !== undefined) return found;
  const known = lesson.tasks.map((task) => task.name);
  throw new UserError(
    `Lab ${lesson.number} ${lesson.name} has no exercise "${name}" (--exercise). ${suggestion(name, known)}`,
  );
}
