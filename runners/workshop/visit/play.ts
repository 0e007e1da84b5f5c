import { withDifferences } from '../../catalog/differences.ts';
import type { StepOutcome } from '../../catalog/expectation.ts';
import type { NamedLab } from '../../catalog/lab.ts';
import type { NamedLanguage } from '../../catalog/language.ts';
import { loadLanguages } from '../../catalog/load.ts';
import { loadDurations } from '../../durations.ts';
import type { Choice } from '../../engines/choose.ts';
import { inProject } from '../../paths.ts';
import type { CellResult, RunResult } from '../../results/result.ts';
import { type SessionOptions, session } from '../../session.ts';
import { expectedOf } from '../../verdict/expected.ts';
import { telling } from '../lessons/telling.ts';

/** The lessons tell of a server in this language; others close in ways of their own. */
const SERVER = 'python';

/** Shows a result to a person; `folder` is where it lies. */
export type Show = (result: RunResult, folder: string | undefined) => Promise<void>;

/** What a run has brought. */
export type Played = {
  /** How it ended; undefined where it did not end as the lab says, or could not be run. */
  readonly came: StepOutcome | undefined;
  readonly cell: CellResult | undefined;
};

/** Runs a story in the participant's language, and shows it. */
export async function play(
  story: NamedLab,
  language: NamedLanguage,
  {
    choice,
    show,
    progress,
  }: {
    readonly choice: Choice;
    readonly show: Show;
    readonly progress: SessionOptions['progress'];
  },
  interruption: AbortSignal,
): Promise<Played> {
  const [server] = await loadLanguages([SERVER], '--server');
  if (server === undefined) throw new Error(`there is no ${SERVER}`);
  const [lab = story] = withDifferences([story], [language, server]);
  const { result } = await session(
    {
      ...{ labs: [lab], clients: [language], servers: [server] },
      ...{ choices: [choice], ip: 4, repeat: 1, shard: null, revision: null },
      durations: await loadDurations(),
      command: repeated(story, language),
      leaveOut: new Set(),
      results: inProject('results'),
      progress,
    },
    interruption,
    show,
  );
  const [cell] = result.cells;
  const isAsTold = cell?.verdict === 'pass';
  return { came: isAsTold ? cameOf({ lab, client: language, server }, cell) : undefined, cell };
}

function cameOf(
  cell: Parameters<typeof expectedOf>[0],
  { outcome }: CellResult,
): StepOutcome | undefined {
  const all = expectedOf(cell);
  const met = all.find((one) => 'outcome' in one && one.outcome === outcome?.name) ?? all[0];
  return met && telling(met.client);
}

function repeated({ name, variant }: NamedLab, { id }: NamedLanguage): string {
  const which = variant === null ? '' : ` --variant ${variant}`;
  return `npm run lab ${name} -- --client ${id}${which}`;
}
