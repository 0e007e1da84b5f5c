import { examineInTurn, type Outcome } from '../chaos/examine.ts';
import type { Experiment } from '../chaos/experiment.ts';
import { experiments } from '../chaos/experiments/all.ts';
import { closeOwnEngine } from '../chaos/own-engine.ts';
import { CHAOS_PAGE, chaosParts, essenceOf, linesOf } from '../chaos/page.ts';
import { whyNot } from '../chaos/why-not.ts';
import { ownPage } from '../docs/own-page.ts';
import type { EngineChoice } from '../engines/choose.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';
import { tellSaid } from './tell-said.ts';

export type ChaosOptions = {
  readonly engine: EngineChoice;
  readonly only?: readonly string[];
  readonly check: boolean;
};

/** Strikes runs of ours with faults and writes how they ended; see `npm run chaos -- --help`. */
export async function chaosCommand(
  { engine, only, check }: ChaosOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const chosen = select(engine, only);
  const say = (lines: readonly string[]) => void process.stderr.write(`${lines.join('\n')}\n`);
  const one = async (experiment: Experiment): Promise<Outcome[]> => {
    const why = await whyNot(experiment);
    if (why === undefined) {
      const outcome = await examineInTurn(experiment, interruption);
      say(linesOf(outcome));
      return [outcome];
    }
    say([`${experiment.engine} ${experiment.name}: not done: ${why}`]);
    return [];
  };
  const outcomes = (await Promise.all(chosen.map(one)).finally(closeOwnEngine)).flat();
  if (interruption.aborted) return EXIT.interrupted;
  if (outcomes.some(({ broken }) => broken.length > 0)) return EXIT.fail;
  if (outcomes.length < chosen.length) return EXIT.environment;
  // The page is of all experiments.
  if (chosen.length < experiments.length) return EXIT.pass;
  const how = { check, again: 'npm run chaos', essence: essenceOf };
  return tellSaid(await ownPage(CHAOS_PAGE, chaosParts(outcomes), how));
}

function select(engine: EngineChoice, only: readonly string[] | undefined): Experiment[] {
  const unknown = only?.find((name) => !experiments.some((one) => one.name === name));
  if (unknown !== undefined) {
    const names = [...new Set(experiments.map(({ name }) => name))];
    throw new UserError(`There is no experiment "${unknown}". Experiments: ${names.join(', ')}.`);
  }
  return experiments.filter(
    (one) => (engine === 'auto' || one.engine === engine) && (only?.includes(one.name) ?? true),
  );
}
