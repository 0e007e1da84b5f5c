import { until } from '../deadline.ts';
import { Limit } from '../limit.ts';
import type { RunResult } from '../results/result.ts';
import { messageOf } from '../user-error.ts';
import type { Experiment, Promised, Scene } from './experiment.ts';
import { brokenPromises, isAmong } from './promises.ts';
import { type End, Run } from './run.ts';

/** What an experiment has shown; with one broken promise it has failed. */
export type Outcome = {
  readonly experiment: Experiment;
  readonly ended: End['by'] | undefined;
  readonly said: string;
  /** How many cells had a result when the run ended, and how many of those are kept. */
  readonly obtained: number;
  readonly kept: number;
  /** How many things were left at its end, and after the next start. */
  readonly left: number;
  readonly leftThen: number;
  /** Each in one sentence. */
  readonly broken: readonly string[];
};

/** Most of an experiment's time is spent with waiting; one engine can be killed by one at a time only. */
const together = new Limit(2);
const alone = new Limit(1);

/** Examines an experiment when its turn has come. */
export function examineInTurn(
  experiment: Experiment,
  interruption?: AbortSignal,
): Promise<Outcome> {
  const turns = experiment.needs === 'own engine' ? alone : together;
  return turns.run(async () => {
    if (interruption?.aborted) throw new Error('interrupted');
    return await examine(experiment);
  });
}

/** Lets an experiment happen, then starts the next run in the same place, and looks what became of all. */
async function examine(experiment: Experiment): Promise<Outcome> {
  const scene = await experiment.prepare();
  const { leftovers } = scene.place;
  const run = new Run(scene.place, `chaos-${leftovers.token}`, experiment.run);
  const next = () =>
    new Run(scene.place, `chaos-${leftovers.token}-next`, ['hello', '--client', 'python']);
  let isMended = false;
  const mend = async () => {
    isMended = true;
    await scene.mend?.();
  };
  try {
    return await observed(experiment, { ...scene, mend }, run, next);
  } catch (error) {
    const broken = [messageOf(error)];
    const nothing = { said: '', obtained: 0, kept: 0, left: 0, leftThen: 0 };
    return { experiment, ended: undefined, ...nothing, broken };
  } finally {
    await run.close();
    // What strikes one experiment must not strike the next.
    if (!isMended) await scene.mend?.();
    await scene.place.close();
  }
}

async function observed(
  experiment: Experiment,
  { place, strike, mend }: Required<Scene>,
  run: Run,
  startNext: () => Run,
): Promise<Outcome> {
  const { promise } = experiment;
  await strike(run);
  const end = await run.end();
  const obtained = (await run.cells()).filter(({ verdict }) => verdict !== 'not-run');
  const first = { left: await place.leftovers.find(), result: await run.result() };
  await mend();
  const next = startNext();
  const nextEnd = await next.end().finally(() => next.close());
  const then = { left: await lasting(() => place.leftovers.find()), result: await run.result() };
  const due = promise.inOrder === 'at once' ? first : then;
  const printed = experiment.run.includes('--json') ? printedBy(end) : null;
  const broken = brokenPromises(promise, {
    ...{ end, obtained, printed, result: due.result, nextEnd },
    ...{ left: due.left, leftThen: then.left },
  });
  return {
    experiment,
    ended: end.by,
    said: saidBy(promise, end, due.result ?? printed ?? undefined),
    obtained: obtained.length,
    kept: obtained.filter((cell) => isAmong(due.result?.cells ?? [], cell)).length,
    left: first.left.length,
    leftThen: then.left.length,
    broken,
  };
}

/** The kernel takes namespaces and processes away on its own time. */
async function lasting(find: () => Promise<string[]>): Promise<string[]> {
  let left: string[] = [];
  const gone = async () => {
    left = await find();
    return left.length === 0 ? left : undefined;
  };
  return await until('a machine without leftovers', gone).catch(() => left);
}

function printedBy({ stdout }: End): RunResult | undefined {
  return stdout.startsWith('{') ? (JSON.parse(stdout) as RunResult) : undefined;
}

/** The sentence that tells a person what has happened. */
function saidBy(
  { says, met, told }: Promised,
  { stderr }: End,
  result: RunResult | undefined,
): string {
  const line = says && stderr.split('\n').find((one) => says.test(one));
  const reason = met && result?.cells.find((cell) => met.reason.test(cell.reason))?.reason;
  return told ?? line ?? reason ?? '';
}
