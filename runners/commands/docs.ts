import { pathToFileURL } from 'node:url';
import { withDifferences } from '../catalog/differences.ts';
import type { NamedLab } from '../catalog/lab.ts';
import { type NamedLanguage, USUAL } from '../catalog/language.ts';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { makeDocs, type Said } from '../docs/make.ts';
import { ownPage } from '../docs/own-page.ts';
import { isProofOf, type Statement, USUAL_SERVER } from '../docs/statement.ts';
import { loadDurations } from '../durations.ts';
import { chooseEngine } from '../engines/choose.ts';
import { loadGuide } from '../guide/load.ts';
import { guideParts } from '../guide/page.ts';
import { inProject, ROOT } from '../paths.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import type { CellResult } from '../results/result.ts';
import { session } from '../session.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { loadLessons } from '../workshop/lessons/load.ts';
import { tellSaid } from './tell-said.ts';

export type DocsOptions = {
  readonly check: boolean;
  readonly jobs?: number;
  readonly results: string;
};

/**
 * Writes the generated parts of the labs' pages from a run, or looks whether they say the same; see
 * `npm run docs -- --help`.
 */
export async function docsCommand(
  options: DocsOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const [labs, languages, statements] = await Promise.all([
    loadLabs(['all']),
    loadLanguages(['all'], '--client'),
    loadStatements(),
  ]);
  const stories = withDifferences(labs, languages);
  // What the others show stands in the field guide, which needs no run.
  const usual = languages.filter(({ name }) => USUAL.includes(name));
  const runs: Seen[] = [];
  for (const wanted of wantedOf(stories, statements)) {
    runs.push(await see(wanted, usual, options, interruption));
    if (interruption.aborted) return EXIT.interrupted;
  }
  const { check } = options;
  const toFind = (await loadLessons(labs)).flatMap(({ folder, tasks }) =>
    tasks.map(({ name, exercise }) => ({ folder, cure: name, changes: exercise.changes })),
  );
  const input = { root: ROOT, stories, languages, statements, runs, toFind, check };
  const status = tellSaid(await makeDocs(input));
  // Of what was refused nothing is written; what only differs is told of both.
  if (status !== EXIT.pass && !check) return status;
  const ofGuide = tellSaid(await fieldGuide(check));
  return status === EXIT.pass ? ofGuide : status;
}

/** Writes docs/field-guide.md from what languages and labs state, or looks whether it says the same. */
export async function fieldGuide(check: boolean): Promise<Said> {
  const { entries, languages, labs } = await loadGuide();
  const parts = guideParts(entries, languages, labs);
  return await ownPage('docs/field-guide.md', parts, { check, again: 'npm run docs' });
}

type Wanted = { readonly labs: readonly NamedLab[]; readonly server: string };
type Seen = { readonly cells: readonly CellResult[]; readonly folder: string };

/** All stories with the usual server; and with each other server those of which it proves something. */
function wantedOf(stories: readonly NamedLab[], statements: readonly Statement[]): Wanted[] {
  const proofs = statements.flatMap((statement) => statement.proofs);
  const others = [...new Set(proofs.flatMap(({ server }) => server ?? []))];
  return [
    { labs: stories, server: USUAL_SERVER },
    ...others.map((server) => {
      const own = proofs.filter((proof) => proof.server === server);
      const labs = stories.filter(({ name, variant, cure }) =>
        own.some((proof) => isProofOf(proof, { lab: name, variant, cure })),
      );
      return { server, labs };
    }),
  ];
}

async function see(
  { labs, server }: Wanted,
  clients: readonly NamedLanguage[],
  { jobs, results }: DocsOptions,
  interruption: AbortSignal,
): Promise<Seen> {
  const servers = await loadLanguages([server], '--server');
  const choice = await chooseEngine('local');
  let kept = '';
  const { result, problem } = await session(
    {
      ...{ labs, clients, servers, choices: [choice], jobs, results, ip: 4, repeat: 1 },
      ...{ command: 'npm run docs', leaveOut: new Set(), looking: true },
      ...{ shard: null, revision: null, durations: await loadDurations() },
      progress: progressLine(process.stderr),
    },
    interruption,
    async (_, folder) => {
      kept = folder ?? '';
    },
  );
  if (problem) throw problem;
  return { cells: result.cells, folder: kept };
}

async function loadStatements(): Promise<readonly Statement[]> {
  const module = await import(pathToFileURL(inProject('labs/statements.ts')).href);
  return module.default as readonly Statement[];
}
