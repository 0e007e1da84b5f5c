import { arch } from 'node:os';
import { join } from 'node:path';
import { diagnose } from '../doctor/diagnose.ts';
import { inProject } from '../paths.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { runReport } from '../reports/terminal/run-report.ts';
import { screenOf } from '../reports/terminal/text.ts';
import type { RunResult } from '../results/result.ts';
import { revisionOf } from '../revision.ts';
import { quoted } from '../shell-words.ts';
import type { MakeCommandLine } from '../snapshot/again.ts';
import { harmless } from '../snapshot/harmless.ts';
import { type Difference, differences } from '../snapshot/machine.ts';
import { MANIFEST } from '../snapshot/manifest.ts';
import { type Opened, openSnapshot } from '../snapshot/open.ts';
import { commandShown, comparison, differenceList } from '../snapshot/opened-screen.ts';
import { indented } from '../snapshot/packed-screen.ts';
import { layOutFiles } from '../snapshot/place.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import { exerciseOf } from '../workshop/checks/one-check.ts';
import { wholeReport } from '../workshop/checks/report.ts';
import { shownPath } from '../workshop/files/place.ts';
import { type Rerun, rerunSnapshot } from './snapshot-rerun.ts';

/** Captures that are named one by one. */
const MOST_CAPTURES = 6;

export type OpenOptions = {
  readonly open: string;
  readonly rerun: boolean;
  readonly results: string;
  readonly json: boolean;
};

/** Opens a snapshot, shows it, and runs it again where that is asked for. */
export async function openCommand(
  options: OpenOptions,
  makeCommandLine: MakeCommandLine,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const { open: file, results, json } = options;
  const opened = await openSnapshot(file, makeCommandLine);
  const { manifest, files } = opened;
  const listed = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const folder = await layOutFiles(results, manifest.id, new Map([...files, [MANIFEST, listed]]));
  const shown = shownPath(folder);
  if (!json) print([...(await report(opened, shown)), '', ...places(opened, shown)]);
  const tell = progressLine(process.stderr);
  try {
    tell.say('looking at what differs on this machine');
    const rows = await differencesHere(opened);
    tell.end();
    const command = commandOf(opened, shown);
    if (!json)
      print(['', ...differenceList(rows, screen()), '', ...again(opened, command, options)]);
    let rerun: Rerun | null = null;
    if (options.rerun) {
      rerun = await rerunSnapshot(
        opened,
        { folder, command, results, interruption, say: tell.say },
        (run, where) => !json && print(['', ...runLines(run, where && shownPath(where))]),
      );
      tell.end();
      if (!json) print(['', ...comparison(rerun.cells, screen()), '', conclusion(rerun)]);
    }
    if (json) print([asJson(file, folder, opened, rows, command, rerun)]);
    return rerun === null ? EXIT.pass : rerun.status;
  } finally {
    tell.end();
  }
}

/** As `npm run lab`, or `npm run check`, would have shown it here. */
async function report({ result, check }: Opened, folder: string): Promise<string[]> {
  if (check === null) return runLines(result, folder);
  const { lab, exercise, language, file, says, ...shown } = harmless(check);
  const [cell] = harmless(result).cells;
  const checked = { ...shown, ran: cell === undefined ? null : { result: cell } };
  const asks = await exerciseOf({ labs: [lab.slice(0, 2)], exercise }).catch(() => undefined);
  const title = `Lab ${lab} · ${exercise} · ${language} · ${file}`;
  return wholeReport({ title, task: asks?.task.exercise.task, checked, says }, screen());
}

function runLines(result: RunResult, folder: string | undefined): string[] {
  const how = { verbose: false, folder, next: undefined };
  return runReport(harmless(result), screen(), how);
}

function places({ files }: Opened, folder: string): string[] {
  const paths = [...files.keys()];
  const captures = paths.filter((path) => path.startsWith('cells/'));
  const own = paths.filter((path) => path.startsWith('workshop/'));
  const rest = captures.length - MOST_CAPTURES;
  return [
    `  unpacked into ${folder}`,
    '  (results/latest and your own workshop/ are as they were)',
    ...captures.slice(0, MOST_CAPTURES).map((path) => `    ${path}`),
    ...(rest > 0 ? [`    and ${rest} more captures`] : []),
    ...own.map((path) => `    ${path}   the participant's`),
  ];
}

function again(
  { manifest }: Opened,
  command: string | null,
  { open: file, results }: OpenOptions,
): string[] {
  if (command === null) return indented(`It is not run again: ${manifest.whyNot ?? ''}.`, screen());
  const place = results === inProject('results') ? '' : ` --results ${quoted(results)}`;
  return [
    '  Run it again, and compare:',
    `    npm run snapshot -- --open ${quoted(file)}${place} --rerun`,
    '  Run it again only:',
    `    ${command}`,
  ];
}

function commandOf({ manifest, check }: Opened, folder: string): string | null {
  const workshop = check === null ? undefined : join(folder, 'workshop');
  return manifest.again && commandShown(manifest.again, workshop);
}

async function differencesHere(opened: Opened): Promise<Difference[]> {
  const { result, diagnosis, manifest } = opened;
  const [here, revision] = await Promise.all([
    diagnose(result.engines.map(({ name }) => name)),
    revisionOf(),
  ]);
  const theirs = { diagnosis, revision: manifest.revision };
  return differences(result, theirs, { diagnosis: here, revision, arch: arch() });
}

function conclusion({ cells }: Rerun): string {
  const same = cells.filter((cell) => cell.same).length;
  return `  ${same} of ${cells.length} as in the snapshot`;
}

function asJson(
  file: string,
  folder: string,
  { manifest, result, check }: Opened,
  rows: readonly Difference[],
  command: string | null,
  rerun: Rerun | null,
): string {
  const again = rerun && { folder: rerun.folder, same: rerun.same, cells: rerun.cells };
  const about = { file, folder, ...manifest, run: result, check };
  return JSON.stringify({ ...about, differences: rows, command, rerun: again });
}

function screen() {
  return screenOf(process.stdout);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
