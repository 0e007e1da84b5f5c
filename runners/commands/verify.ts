import { plainFirst } from '../catalog/by-lab.ts';
import { withDifferences } from '../catalog/differences.ts';
import { loadLabs } from '../catalog/load.ts';
import { loadDurations } from '../durations.ts';
import { type Choice, chooseEngine, type EngineChoice } from '../engines/choose.ts';
import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import type { AbsentEngine } from '../results/result.ts';
import { revisionOf } from '../revision.ts';
import { session } from '../session.ts';
import { type Shard, shardOfEnvironment } from '../shard.ts';
import { EnvironmentError, type ExitStatus, messageOf } from '../user-error.ts';
import { commandLineOf } from './lab.ts';
import { loadPlayers } from './players.ts';
import { openReportFiles } from './report-files.ts';
import { type ReportOptions, statusOf, tellResult } from './tell-result.ts';

export type VerifyOptions = ReportOptions & {
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly engine: EngineChoice;
  /** Of each language its default version, or each that has an image. */
  readonly versions: 'default' | 'all';
  readonly repeat: number;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly results: string;
};

/** All labs in all pairs of the languages that were named, in each engine that is there; see `npm run verify -- --help`. */
export async function verifyCommand(
  options: VerifyOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  await openReportFiles(options);
  const ofVersions = (name: string) =>
    options.versions === 'all' && !name.includes('@') ? `${name}@all` : name;
  const [labs, players, durations, revision, { found, absent }] = await Promise.all([
    loadLabs(['all']),
    loadPlayers(options, ofVersions),
    loadDurations(),
    revisionOf(),
    enginesOf(options.engine),
  ]);
  const ended = await session(
    {
      ...options,
      ...{
        labs: plainFirst(withDifferences(labs, [...players.clients, ...players.servers])),
        ...players,
        ip: 4,
      },
      ...{ choices: found, absent, revision, durations },
      shard: options.shard ?? shardOfEnvironment(process.env),
      command: commandLineOf(process.argv),
      leaveOut: new Set(),
      progress: progressLine(process.stderr),
    },
    interruption,
    (result, folder) => tellResult(result, { ...options, folder, next: undefined }),
  );
  return statusOf(ended, interruption);
}

type Engines = { readonly found: readonly Choice[]; readonly absent: readonly AbsentEngine[] };

/** The engine that was asked for; without a wish, each that is there. */
async function enginesOf(asked: EngineChoice): Promise<Engines> {
  if (asked !== 'auto') return { found: [await chooseEngine(asked)], absent: [] };
  const found: Choice[] = [];
  const absent: AbsentEngine[] = [];
  for (const name of ENGINE_NAMES) {
    const why = await whyNot(name);
    if (why === undefined) found.push({ name, why: 'it is there' });
    else {
      absent.push({ name, why });
      process.stderr.write(`${name} engine: not verified, since it is not there: ${why}\n`);
    }
  }
  if (found.length > 0) return { found, absent };
  throw new EnvironmentError('There is no engine to verify. See what is missing: npm run doctor');
}

async function whyNot(engine: EngineName): Promise<string | undefined> {
  if (engine === 'docker') {
    const { dockerAnswers } = await import('../engines/docker/docker-answers.ts');
    const answer = await dockerAnswers();
    return isUnavailable(answer) ? answer.unavailable : undefined;
  }
  if (process.platform !== 'linux') return 'it needs Linux namespaces.';
  const { assertNamespaces } = await import('../engines/local/permission.ts');
  return assertNamespaces().then(() => undefined, messageOf);
}
