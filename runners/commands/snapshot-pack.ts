import { join, resolve } from 'node:path';
import { diagnose } from '../doctor/diagnose.ts';
import { inProject } from '../paths.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { screenOf } from '../reports/terminal/text.ts';
import { readRun } from '../results/read-run.ts';
import { RESULT } from '../results/recover.ts';
import type { RunResult } from '../results/result.ts';
import { resultSchema } from '../results/schema.ts';
import { revisionOf } from '../revision.ts';
import { againOf, type MakeCommandLine } from '../snapshot/again.ts';
import { type Files, packed, unpacked } from '../snapshot/archive.ts';
import { BadSnapshot } from '../snapshot/bad-snapshot.ts';
import { type CheckRecord, recordOf, runOfCheck } from '../snapshot/check-record.ts';
import { verified } from '../snapshot/open.ts';
import { capturesIn, prepare } from '../snapshot/pack.ts';
import { packedLines } from '../snapshot/packed-screen.ts';
import { assertNew, writeNew } from '../snapshot/place.ts';
import { tellingOfHere } from '../snapshot/redact.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';
import { checkOwn } from '../workshop/checks/one-check.ts';
import { workshopFolder } from '../workshop/own/folder.ts';
import type { SnapshotOptions } from './snapshot-options.ts';

/** Packs a run, or a check that it does now, into one file. */
export async function packCommand(
  folder: string | undefined,
  options: SnapshotOptions,
  makeCommandLine: MakeCommandLine,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  // Before anything takes its time.
  if (options.output !== undefined) await assertNew(options.output);
  const tell = progressLine(process.stderr);
  try {
    const { result, captures, check } =
      options.check === undefined
        ? await runIn(folder, options.results)
        : await checked(options.check, options, { interruption, say: tell.say });
    const file = options.output ?? `reset-labs-${result.id}.tar.gz`;
    await assertNew(file);
    tell.say('looking at what this machine can do');
    const [diagnosis, revision, telling] = await Promise.all([
      diagnose(),
      revisionOf(),
      tellingOfHere(),
    ]);
    const again = againOf(result, makeCommandLine);
    const machine = { diagnosis, revision, telling, workshop: workshopFolder() };
    const { head, files, notes } = await prepare({ result, captures, check, again, ...machine });
    const { archive, manifest, sizes } = packed(head, files);
    await assertOpens(archive, result, makeCommandLine);
    interruption.throwIfAborted();
    await writeNew(resolve(file), archive, interruption);
    tell.end();
    const shown = { file, size: archive.length, ...manifest, notes };
    const lines = options.json
      ? [JSON.stringify(shown)]
      : packedLines({ ...shown, sizes, result, check }, screenOf(process.stdout));
    process.stdout.write(`${lines.join('\n')}\n`);
    return EXIT.pass;
  } finally {
    tell.end();
  }
}

type Found = {
  readonly result: RunResult;
  readonly captures: Files;
  readonly check: CheckRecord | null;
};

async function runIn(folder: string | undefined, results: string): Promise<Found> {
  const where = folder ?? join(results, 'latest');
  const found = await readRun(where, 'Run it again.');
  if (found === undefined) {
    const shown = folder ?? (results === inProject('results') ? 'results/latest' : where);
    throw new UserError(
      `There is no run in ${shown}. Run a lab first (npm run lab crash-server), or have your exercise checked and packed: npm run snapshot -- --check 04`,
    );
  }
  const { result } = found;
  return { result, captures: await capturesIn(where, result), check: null };
}

/** `npm run check` leaves nothing to pack, so it is done here, and what it shows is packed at once. */
async function checked(
  lab: string,
  { language, exercise, engine = 'auto' }: SnapshotOptions,
  how: Parameters<typeof checkOwn>[1],
): Promise<Found> {
  const startedAt = new Date().toISOString();
  let found: Found | undefined;
  await checkOwn({ labs: [lab], language, exercise, engine }, how, (one) => {
    const { result, pcap } = runOfCheck(one, startedAt);
    const path = result.cells[0]?.pcap;
    const captures = new Map(path && pcap ? [[path, pcap]] : []);
    found = { result, captures, check: recordOf(one) };
  });
  if (found === undefined) throw new Error('nothing was checked');
  return found;
}

/** A result that somebody has edited must not make a file that nobody can open. */
async function assertOpens(
  archive: Buffer,
  { id }: RunResult,
  makeCommandLine: MakeCommandLine,
): Promise<void> {
  try {
    verified(unpacked(archive), await resultSchema(), makeCommandLine);
  } catch (error) {
    if (!(error instanceof BadSnapshot)) throw error;
    throw new UserError(
      `The run ${id} cannot be packed, since nobody could open it: ${error.message.replace(' in it', '')}. Was its ${RESULT} edited, or written by an older kit? Run it again.`,
    );
  }
}
