import { renameSync, statSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../user-error.ts';
import { release, take } from './lock.ts';
import { makeFolder, unwritable } from './place.ts';

/** More often than this nobody saves a file by hand within one write. */
const MOST_TRIES = 50;

/**
 * Changes a file that several processes, and a person, change: to what is in it now, and whole or not at all.
 *
 * @param read what is in the file now; undefined where it is not there
 * @param change is asked again where the file has changed meanwhile; what it throws ends the write
 * @throws UserError where the file cannot be written
 */
export async function rewrite(
  path: string,
  read: () => string | undefined,
  change: (text: string | undefined) => string | undefined,
): Promise<void> {
  try {
    // A link stays one.
    const file = await realpath(path).catch(() => path);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (await isRewritten(file, read, change)) return;
    }
  } catch (error) {
    throw unwritable(path, error);
  }
  throw new UserError(
    `${path} cannot be written: something changes it again and again. End that, then run the same command again.`,
  );
}

async function isRewritten(
  file: string,
  read: () => string | undefined,
  change: (text: string | undefined) => string | undefined,
): Promise<boolean> {
  await makeFolder(dirname(file));
  const draft = await take(file);
  try {
    const before = read();
    const text = change(before);
    if (text === undefined || text === before) return true;
    await fill(draft, text, modeOf(file));
    // An editor keeps no lock. Nothing of ours runs between this look and the rename.
    if (read() !== before) return false;
    renameSync(draft, file);
  } catch (error) {
    // Who took the lock over has taken the draft away.
    if (isMissing(error)) return false;
    throw error;
  } finally {
    await release(draft);
  }
  await syncFolder(dirname(file));
  return true;
}

async function fill(draft: string, text: string, mode: number | undefined): Promise<void> {
  const handle = await open(draft, 'r+');
  try {
    await handle.writeFile(text);
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function modeOf(file: string): number | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && stats.mode & 0o777;
}

/** Also the new name is to be on the disk. Not every file system can. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
