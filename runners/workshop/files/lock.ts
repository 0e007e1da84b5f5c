import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DeadlineError, until } from '../../deadline.ts';
import { UserError } from '../../user-error.ts';
import { hasEnded, isToken, newToken, unfinished } from './token.ts';

/** How late the end of another's write, which takes some milliseconds, is seen. */
const LATE_MS = 20;

/**
 * Who may write a file: a folder beside it with one file, the draft, named by its owner. The draft becomes the file by a
 * rename, which needs the lock and gives it back in one step. So a lock is taken over by taking its draft away: whoever
 * had it, and was only stopped, can then write no more.
 */
export function lockOf(file: string): string {
  return `${file}.lock`;
}

/**
 * Waits for the lock and takes it.
 *
 * @returns the draft: an empty file, to be opened where it is still there, and renamed
 */
export async function take(file: string): Promise<string> {
  const lock = lockOf(file);
  const token = await newToken();
  const making = unfinished(file, token);
  await mkdir(making);
  try {
    await writeFile(join(making, token), '', { flag: 'wx' });
    // A folder takes the place of an empty one only.
    while (!(await isMoved(making, lock))) await freed(lock);
  } catch (error) {
    await release(join(making, token));
    throw error;
  }
  return join(lock, token);
}

/** Gives the lock back, where it has not been taken over. */
export async function release(draft: string): Promise<void> {
  await rm(draft, { force: true }).catch(() => {});
  // Another may have it by now: then it is not empty, and stays.
  await rmdir(dirname(draft)).catch(() => {});
}

async function isMoved(making: string, lock: string): Promise<boolean> {
  try {
    await rename(making, lock);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    if (code === 'ENOTDIR') throw inTheWay(lock);
    throw error;
  }
}

/** Waits until who has a lock has given it back, or takes it away from one that has ended, or is stopped. */
async function freed(lock: string): Promise<void> {
  const [draft] = await readdir(lock).catch(() => []);
  if (draft === undefined) return;
  if (!isToken(draft)) throw inTheWay(join(lock, draft));
  try {
    await until(
      `the end of the write by ${draft}`,
      async () => {
        const [now] = await readdir(lock).catch(() => []);
        return now !== draft || (await hasEnded(draft)) === true ? true : undefined;
      },
      { lateMs: LATE_MS },
    );
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
  }
  await rm(join(lock, draft), { force: true });
}

function inTheWay(path: string): UserError {
  return new UserError(
    `${path} is in the way: there the workshop marks that it writes. Give it another name.`,
  );
}
