import { withDifferences } from '../catalog/differences.ts';
import type { Cause, NamedLab } from '../catalog/lab.ts';
import { labFolders, loadLabs } from '../catalog/load.ts';
import { leftOutByIp6, selectStories } from '../catalog/select.ts';
import type { LeaveOut } from '../cell/leave-out.ts';
import { loadDurations } from '../durations.ts';
import { type Choice, chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { exists } from '../paths.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import type { RunResult } from '../results/result.ts';
import { revisionOf } from '../revision.ts';
import { type Ended, session } from '../session.ts';
import { type Shard, shardOfEnvironment } from '../shard.ts';
import { quoted } from '../shell-words.ts';
import type { ExitStatus } from '../user-error.ts';
import { stateFile } from '../workshop/own/folder.ts';
import { loadPlayers } from './players.ts';
import { openReportFiles } from './report-files.ts';
import { type ReportOptions, statusOf, tellResult } from './tell-result.ts';

export type LabOptions = ReportOptions & {
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly engine: EngineChoice;
  readonly repeat: number;
  readonly jobs?: number;
  readonly shard?: Shard;
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
  const how = { choosing, command: commandLineOf(process.argv), interruption };
  const ended = await runLabs(names, options, how, async (result, folder, labs) => {
    const next = await nextLab(labs, options.labs);
    await tellResult(result, { ...options, folder, next });
  });
  return statusOf(ended, interruption);
}

/**
 * Runs labs as the command line asks for.
 *
 * @param show is shown the result, where it lies, and the labs
 */
export async function runLabs(
  names: readonly string[],
  options: LabOptions,
  {
    choosing,
    command,
    interruption,
  }: {
    readonly choosing: Promise<Choice>;
    /** What the result says repeats it. */
    readonly command: string;
    readonly interruption: AbortSignal;
  },
  show: (result: RunResult, folder: string | undefined, labs: readonly NamedLab[]) => Promise<void>,
): Promise<Ended> {
  // A mistyped name is told before a missing engine.
  choosing.catch(() => {});
  const [stories, players, durations] = await Promise.all([
    storiesOf(names, options),
    loadPlayers(options),
    loadDurations(),
  ]);
  const labs = withDifferences(stories, [...players.clients, ...players.servers]);
  await openReportFiles(options);
  const shard = options.shard ?? shardOfEnvironment(process.env);
  const revision = shard ? await revisionOf() : null;
  return await session(
    {
      ...options,
      ...{ ...players, labs, shard, revision, durations },
      choices: [await choosing],
      command,
      leaveOut: options.without,
      progress: progressLine(process.stderr),
    },
    interruption,
    (result, folder) => show(result, folder, labs),
  );
}

async function storiesOf(names: readonly string[], options: LabOptions): Promise<NamedLab[]> {
  const all = await loadLabs(names, options.labs);
  const stories = selectStories(all, options);
  const leftOut = leftOutByIp6(all, options);
  if (leftOut.length > 0) {
    process.stderr.write(`--ip 6 is for topology direct: not run are ${leftOut.join(', ')}\n`);
  }
  return stories;
}

/** The command that repeats this one. */
export function commandLineOf(argv: readonly string[]): string {
  return [`npm run ${argv[2] ?? 'lab'} --`, ...argv.slice(3).map(quoted)].join(' ');
}

async function nextLab(labs: readonly NamedLab[], folder?: string): Promise<string | undefined> {
  const last = labs.at(-1);
  const next = (await labFolders(folder)).find(({ number }) => last && number > last.number);
  if (next === undefined) return undefined;
  const isBegun = await exists(stateFile());
  return `npm run lab ${next.name}${isBegun ? '' : ', or step by step: npm run workshop'}`;
}
