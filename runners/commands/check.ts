import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { loadLabs } from '../catalog/load.ts';
import { suggestion } from '../catalog/nearest.ts';
import { chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { screenOf, wrap } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';
import { Checker } from '../workshop/checker.ts';
import { layOut, ownFile, STATE } from '../workshop/desk.ts';
import { loadLessons, type NamedLesson, type Task } from '../workshop/load.ts';
import { ownLanguage } from '../workshop/own-language.ts';
import { Progress } from '../workshop/progress.ts';
import { checkReport, conclusion } from '../workshop/report.ts';

export type CheckOptions = {
  readonly language?: string;
  readonly exercise?: string;
  readonly engine: EngineChoice;
  readonly json: boolean;
};

/** Longer lines of text are hard to read. */
const MOST_COLUMNS = 100;

/** Runs a participant's program under the fault of a lab; see `npm run check -- --help`. */
export async function checkCommand(
  name: string,
  options: CheckOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const choosing = chooseEngine(options.engine);
  choosing.catch(() => {});
  const progress = await Progress.read(STATE);
  const [lesson] = await loadLessons(await loadLabs([name]));
  if (lesson === undefined) throw new Error(`no lesson of ${name}`);
  const task = taskOf(lesson, options.exercise);
  const asked = options.language ?? progress.language;
  if (asked === undefined) {
    throw new UserError(
      `Your language is not known yet. Say it: npm run check ${name} -- --language python`,
    );
  }
  const language = await ownLanguage(asked, options.language === undefined ? STATE : '--language');
  if (progress.language === undefined) await progress.choose(asked);
  const file = ownFile(lesson, task, language);
  if (await layOut(file, task, language)) {
    process.stderr.write(`${file.shown} is new: it is what the lab's own client does.\n`);
  }
  const tell = progressLine(process.stderr);
  const runId = `check-${randomBytes(3).toString('hex')}`;
  const checker = await Checker.open(await choosing, runId, tell.say);
  const stop = () => void checker.close().catch(() => {});
  interruption.addEventListener('abort', stop, { once: true });
  try {
    const text = await readFile(file.path, 'utf8');
    const checked = await checker.check({ ...task, language }, text);
    const { verdict, points, compiler } = checked;
    if (verdict === 'pass') {
      await progress.set(lesson.folder, ['solved', task.name], new Date().toISOString());
    }
    const says = conclusion(checked, task);
    if (options.json) {
      const names = { lab: lesson.folder, exercise: task.name, file: file.shown };
      const summary = { ...names, verdict, points, compiler, says: says ?? null };
      process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    } else {
      const screen = screenOf(process.stdout);
      const say = (text: string) => wrap(text, Math.min(screen.columns, MOST_COLUMNS));
      const lines = [
        `Lab ${lesson.number} · ${lesson.name} · ${task.name} · ${file.shown} · ${checker.engineTitle} engine`,
        ...say(task.exercise.task),
        '',
        ...checkReport(checked, screen),
        '',
        ...(verdict === 'pass' ? ['Solved.'] : []),
        ...say(says ?? 'Not solved yet.'),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    return { pass: EXIT.pass, fail: EXIT.fail, unknown: EXIT.unknown }[verdict];
  } finally {
    interruption.removeEventListener('abort', stop);
    await checker.close();
    tell.end();
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
