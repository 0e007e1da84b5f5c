import type { EngineChoice } from '../engines/choose.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { screenOf } from '../reports/terminal/text.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { checkOwn, type OneCheck } from '../workshop/checks/one-check.ts';
import { wholeReport } from '../workshop/checks/report.ts';

export type CheckOptions = {
  readonly language?: string;
  readonly exercise?: string;
  readonly engine: EngineChoice;
  readonly json: boolean;
};

/** Runs a participant's program under the fault of a lab; see `npm run check -- --help`. */
export async function checkCommand(
  labs: readonly string[],
  options: CheckOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const tell = progressLine(process.stderr);
  let status: ExitStatus = EXIT.unknown;
  try {
    await checkOwn({ labs, ...options }, { interruption, say: tell.say }, (one) => {
      const { verdict } = one.checked;
      status = { pass: EXIT.pass, fail: EXIT.fail, unknown: EXIT.unknown }[verdict];
      process.stdout.write(`${options.json ? asJson(one) : asText(one).join('\n')}\n`);
    });
  } finally {
    tell.end();
  }
  return status;
}

function asJson({ lesson, task, file, checked, says }: OneCheck): string {
  const { verdict, points, compiler } = checked;
  const names = { lab: lesson.folder, exercise: task.name, file: file.shown };
  return JSON.stringify({ ...names, verdict, points, compiler, says: says ?? null }, null, 2);
}

function asText({ lesson, task, file, checked, says, engine }: OneCheck): string[] {
  const title = `Lab ${lesson.number} · ${lesson.name} · ${task.name} · ${file.shown} · ${engine.title} engine`;
  const what = { title, task: task.exercise.task, checked, says };
  return wholeReport(what, screenOf(process.stdout));
}
