import { withDifferences } from '../catalog/differences.ts';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { ownPage } from '../docs/own-page.ts';
import { defaultJobs } from '../jobs.ts';
import { mutateFaces } from '../mutants/faces.ts';
import { type Judge, type Mutated, mutate } from '../mutants/mutate.ts';
import { byOperator, byReason, MUTANTS_PAGE, mutantsParts } from '../mutants/page.ts';
import { cellsOf } from '../mutants/stories.ts';
import { type Recorded, record } from '../recording.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { tellSaid } from './tell-said.ts';

export type MutantsOptions = {
  readonly check: boolean;
  readonly seed: number;
  readonly count: number;
  readonly repeat: number;
  readonly jobs?: number;
};

/** The page is of this seed and this many mutants. */
export const MUTANTS = { seed: 1, count: 3000 } as const;

/** Mutates what labs expect and judges a real run once more; see `npm run mutants -- --help`. */
export async function mutantsCommand(
  { check, seed, count, repeat, jobs }: MutantsOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const languages = await loadLanguages(['usual'], '--client');
  const labs = withDifferences(await loadLabs(['all']), languages);
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const recorded = await record(cellsOf(labs, languages, repeat), {
    ...{ engine: 'local', jobs: jobs ?? defaultJobs('local'), signal: interruption, say },
  });
  const { mutants, problems } = judgeMutants(recorded, { seed, count });
  if (mutants.length > 0) {
    const tables = [...byOperator(mutants), '', ...byReason(mutants)];
    process.stdout.write(`${tables.join('\n')}\n`);
  }
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\nNothing was written.\n`);
    return EXIT.fail;
  }
  // Another seed is for those who look for more; the page stays.
  if (seed !== MUTANTS.seed || count !== MUTANTS.count) return EXIT.pass;
  const parts = mutantsParts({ mutants, seed });
  return tellSaid(await ownPage(MUTANTS_PAGE, parts, { check, again: 'npm run mutants' }));
}

/**
 * All mutants of what was seen, and what must be looked into: a mutant that should have been caught, or a
 * cell that does not even pass as its lab is.
 */
export function judgeMutants(
  recorded: readonly Recorded[],
  { seed, count, judging }: { seed: number; count: number; judging?: Judge },
): { mutants: readonly Mutated[]; problems: readonly string[] } {
  const failed = recorded.filter(({ result }) => result.verdict !== 'pass');
  if (failed.length > 0) {
    const problems = failed.map(({ cell, result }) => `${cell.id} did not pass: ${result.reason}`);
    return { mutants: [], problems };
  }
  const mutants = [
    ...mutate(recorded, { seed, count, ...(judging && { judging }) }),
    ...mutateFaces(recorded, judging),
  ];
  const problems = mutants.flatMap(({ fate, story, operator, change }) =>
    fate === 'unexplained' ? `not caught: ${story}: ${operator}: ${change}` : [],
  );
  return { mutants, problems };
}
