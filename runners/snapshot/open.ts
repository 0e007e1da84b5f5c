import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import * as v from 'valibot';
import type { Diagnosis } from '../doctor/check.ts';
import { plain } from '../reports/terminal/text.ts';
import { RESULT } from '../results/recover.ts';
import type { RunResult } from '../results/result.ts';
import { resultSchema } from '../results/schema.ts';
import { messageOf, UserError } from '../user-error.ts';
import { type Asked, type MakeCommandLine, parseAgain } from './again.ts';
import { type Archive, unpacked } from './archive.ts';
import { BadSnapshot } from './bad-snapshot.ts';
import { CHECK_RECORD, type CheckRecord } from './check-record.ts';
import { LIMITS } from './limits.ts';
import { CHECK, DOCTOR, parsed, parseJson } from './manifest.ts';

/** A snapshot that was verified; nothing of it is on the disk yet. */
export type Opened = Archive & {
  readonly result: RunResult;
  readonly check: CheckRecord | null;
  readonly diagnosis: Diagnosis;
  /** What repeats it; null where nothing does. */
  readonly asked: Asked | null;
};

const DIAGNOSIS = v.object({
  ready: v.boolean(),
  engines: v.record(v.string(), v.object({ ready: v.boolean() })),
  checks: v.array(
    v.object({
      name: v.string(),
      status: v.picklist(['ok', 'missing', 'optional']),
      detail: v.string(),
      mend: v.nullable(v.string()),
    }),
  ),
});

/**
 * Reads a snapshot and verifies all of it: form, sizes, hashes, and that what is in it is what the kit writes.
 *
 * @throws UserError which names the file, what is wrong and what to do
 */
export async function openSnapshot(
  file: string,
  makeCommandLine: MakeCommandLine,
): Promise<Opened> {
  const archive = await read(file);
  try {
    return verified(unpacked(archive), await resultSchema(), makeCommandLine);
  } catch (error) {
    if (!(error instanceof BadSnapshot)) throw error;
    throw notOne(file, error.message, error.mend);
  }
}

/** @throws BadSnapshot */
export function verified(
  { manifest, files }: Archive,
  problemOf: (result: unknown) => string | undefined,
  makeCommandLine: MakeCommandLine,
): Opened {
  const json = (path: string) => {
    const content = files.get(path);
    if (content === undefined) throw new BadSnapshot(`${path} is missing in it`);
    return parseJson(content.toString(), path);
  };
  const result = json(RESULT) as RunResult;
  const problem = problemOf(result);
  if (problem !== undefined) throw new BadSnapshot(`${RESULT} in it is no result: ${problem}`);
  if (result.id !== manifest.id) throw new BadSnapshot(`${RESULT} in it is of another run`);
  // They come into a command that a person may copy.
  const odd = result.cells
    .flatMap(({ client, server }) => [client.language, client.asked, server.language, server.asked])
    .find((name) => name !== null && !/^[a-z0-9.-]+$/i.test(name));
  if (odd) throw new BadSnapshot(`${RESULT} in it has a language that is none: ${odd}`);
  const stray = result.cells.find(({ pcap }) => pcap !== null && !files.has(pcap));
  if (stray) throw new BadSnapshot(`the capture ${stray.pcap} is missing in it`);
  const check = manifest.kind === 'check' ? parsed(CHECK_RECORD, json(CHECK), CHECK) : null;
  if (check !== null && !files.has(check.file)) {
    throw new BadSnapshot(`${check.file} is missing in it`);
  }
  const diagnosis = parsed(DIAGNOSIS, json(DOCTOR), DOCTOR) as Diagnosis;
  const asked = manifest.again && askedOf(manifest.again, manifest.kind, makeCommandLine);
  return { manifest, files, result, check, diagnosis, asked };
}

function askedOf(
  again: readonly string[],
  kind: 'run' | 'check',
  makeCommandLine: MakeCommandLine,
): Asked {
  let asked: Asked;
  try {
    asked = parseAgain(again, makeCommandLine);
  } catch (error) {
    const why = messageOf(error).replace(/^error: /, '');
    throw new BadSnapshot(
      `its command cannot be run again: ${why}`,
      'No kit packs such a command: do not trust who sent it, or take the revision that packed it.',
    );
  }
  if ((asked.command === 'check') === (kind === 'check')) return asked;
  throw new BadSnapshot(`its command is not that of a ${kind}`);
}

/** A pipe must neither be waited for nor read: it could be without an end. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

async function read(file: string): Promise<Buffer> {
  const handle = await open(file, READ).catch((error: unknown) => {
    throw new UserError(
      `${file} cannot be read: ${messageOf(error)}. Name a snapshot: --open FILE`,
    );
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw notOne(file, 'it is no plain file', 'Name a file: --open FILE');
    if (stats.size > LIMITS.packed) {
      const most = `${LIMITS.packed / 1024 ** 2} MB`;
      throw notOne(file, `it has more than ${most}`, 'Is it another file?');
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function notOne(file: string, why: string, mend: string): UserError {
  return new UserError(`${file} is no snapshot that can be opened: ${plain(why)}. ${plain(mend)}`);
}
