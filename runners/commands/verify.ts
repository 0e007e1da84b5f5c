import type { EngineChoice } from '../engines/choose.ts';
import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { EnvironmentError, EXIT, type ExitStatus, messageOf } from '../user-error.ts';
import { labCommand } from './lab.ts';

export type VerifyOptions = {
  readonly engine: EngineChoice;
  readonly repeat: number;
  readonly jobs: number;
  readonly json: boolean;
  readonly results: string;
};

/** From the best to the worst: of several engines the worst decides. */
const WORSE: readonly ExitStatus[] = [
  EXIT.pass,
  EXIT.unknown,
  EXIT.environment,
  EXIT.fail,
  EXIT.interrupted,
];

/** All labs in all pairs of languages, in each engine that is there; see `npm run verify -- --help`. */
export async function verifyCommand(
  options: VerifyOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const engines = await enginesOf(options.engine);
  let status: ExitStatus = EXIT.pass;
  for (const engine of engines) {
    if (interruption.aborted) return EXIT.interrupted;
    status = worse(status, await verifyIn(engine, options, interruption));
  }
  return status;
}

/** The plain stories, then the cures. */
async function verifyIn(
  engine: EngineName,
  options: VerifyOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const everything = {
    client: ['all'],
    server: ['all'],
    verbose: false,
    without: new Set<never>(),
    ip: 4 as const,
  };
  let status: ExitStatus = EXIT.pass;
  try {
    for (const cured of [false, true]) {
      if (interruption.aborted) return EXIT.interrupted;
      const how = { ...options, ...everything, engine, cured };
      status = worse(status, await labCommand(['all'], how, interruption));
    }
    return status;
  } catch (error) {
    // What one engine lacks must not keep the other from being verified.
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${engine} engine: ${error.message}\n`);
    return error.exitStatus;
  }
}

/** The engine that was asked for; without a wish, each that is there. */
async function enginesOf(asked: EngineChoice): Promise<EngineName[]> {
  if (asked !== 'auto') return [asked];
  const found: EngineName[] = [];
  for (const engine of ENGINE_NAMES) {
    const why = await whyNot(engine);
    if (why === undefined) found.push(engine);
    else process.stderr.write(`${engine} engine: not verified, since it is not there: ${why}\n`);
  }
  if (found.length > 0) return found;
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

function worse(one: ExitStatus, other: ExitStatus): ExitStatus {
  return WORSE.indexOf(one) > WORSE.indexOf(other) ? one : other;
}
