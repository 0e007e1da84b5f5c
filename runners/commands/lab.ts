import { relative } from 'node:path';
import type { Cause, NamedLab } from '../catalog/lab.ts';
import { labFolders, loadLabs, loadLanguages } from '../catalog/load.ts';
import { selectStories } from '../catalog/select.ts';
import type { LeaveOut } from '../cell/leave-out.ts';
import { type Choice, chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { ROOT } from '../paths.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { runReport } from '../reports/terminal/run-report.ts';
import { screenOf } from '../reports/terminal/text.ts';
import type { RunResult } from '../results/result.ts';
import { session } from '../session.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';

export type LabOptions = {
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly engine: EngineChoice;
  readonly repeat: number;
  readonly jobs: number;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly results: string;
  readonly name?: string;
  readonly port?: number;
  readonly labs?: string;
  readonly without: LeaveOut;
  readonly ip: 4 | 6;
  /** Cures in place of the plain stories. */
  readonly cured: boolean;
  readonly cause?: readonly Cause[];
  readonly variant?: readonly string[];
};

/**
 * Runs labs; see `npm run lab -- --help`.
 *
 * @param choosing the choice of the engine, where the caller has begun it already
 */
export async function labCommand(
  names: readonly string[],
  options: LabOptions,
  interruption: AbortSignal,
  choosing: Promise<Choice> = chooseEngine(options.engine),
): Promise<ExitStatus> {
  // A mistyped name is told before a missing engine.
  choosing.catch(() => {});
  const [labs, clients, servers] = await Promise.all([
    loadLabs(names, options.labs).then((all) => selectStories(all, options)),
    loadLanguages(options.client, '--client'),
    loadLanguages(options.server, '--server'),
  ]);
  const choice = await choosing;
  const command = [`npm run ${process.argv[2] ?? 'lab'} --`, ...process.argv.slice(3)].join(' ');
  const result = await session(
    {
      ...options,
      ...{ labs, clients, servers, choice, command },
      leaveOut: options.without,
      progress: progressLine(process.stderr),
    },
    interruption,
    (shown, folder) => report(shown, folder, labs, options),
  );
  return interruption.aborted ? EXIT.interrupted : exitStatus(result);
}

function exitStatus({ verdict }: RunResult): ExitStatus {
  return verdict === 'pass' ? EXIT.pass : verdict === 'fail' ? EXIT.fail : EXIT.unknown;
}

async function report(
  result: RunResult,
  folder: string | undefined,
  labs: readonly NamedLab[],
  { json, verbose, labs: labsFolder }: LabOptions,
): Promise<void> {
  if (json) return await write(process.stdout, `${JSON.stringify(result)}\n`);
  const isOurs = folder !== undefined && !relative(ROOT, folder).startsWith('..');
  const lines = runReport(result, screenOf(process.stdout), {
    verbose,
    folder: isOurs ? 'results/latest' : folder,
    next: await nextLab(labs, labsFolder),
  });
  await write(process.stdout, `${lines.join('\n')}\n`);
}

async function nextLab(labs: readonly NamedLab[], folder?: string): Promise<string | undefined> {
  const last = labs.at(-1);
  const next = (await labFolders(folder)).find(({ number }) => last && number > last.number);
  return next && `npm run lab ${next.name}`;
}

/** Waits until all is written: a pipe may be slower than we are. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
