import { ownPage } from '../docs/own-page.ts';
import { defaultJobs } from '../jobs.ts';
import { LIARS_PAGE, liarsParts } from '../liars/page.ts';
import { type AllTold, tellLies } from '../liars/tell.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { tellSaid } from './tell-said.ts';

export type LiarsOptions = { readonly check: boolean; readonly jobs?: number };

/** Tells lies and writes who caught them, or looks whether the page says it; see `npm run liars -- --help`. */
export async function liarsCommand(
  { check, jobs }: LiarsOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const all = await tellLies({ jobs: jobs ?? defaultJobs('local'), signal: interruption, say });
  const problems = problemsOf(all);
  const parts = liarsParts(all);
  process.stdout.write(`${parts.sum?.join('\n')}\n`);
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\nNothing was written.\n`);
    return EXIT.fail;
  }
  return tellSaid(await ownPage(LIARS_PAGE, parts, { check, again: 'npm run liars' }));
}

function problemsOf({ lies, twins }: AllTold): string[] {
  return [
    ...lies.flatMap(({ lie, problem }) => (problem ? `not caught: ${lie.name}: ${problem}` : [])),
    ...twins.flatMap(({ name, problem }) => (problem ? `not believed: ${name}: ${problem}` : [])),
  ];
}
