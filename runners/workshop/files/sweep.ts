import { lstat, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lockOf } from './lock.ts';
import { hasEnded, isToken, tokenIn } from './token.ts';

/** What takes a process some milliseconds, and is so old, is no living process's, of whichever machine. */
const FOREIGN_AGE_MS = 60_000;

/**
 * Takes away what processes that were killed have left of their writes, in the folder of the participants' state and in
 * those beside it. What cannot be taken away stays: it is in nobody's way.
 *
 * @param state the file of the state
 */
export async function sweep(state: string): Promise<void> {
  const workshop = dirname(state);
  const entries = await readdir(workshop, { withFileTypes: true }).catch(() => []);
  const folders = entries.flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  await Promise.all(['', ...folders].map((folder) => sweepFolder(join(workshop, folder))));
  await sweepLock(lockOf(await realpath(state).catch(() => state)));
}

/** Takes away what killed processes have left of the files and folders that they were making in a folder. */
export async function sweepFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const token = tokenIn(name);
    const path = join(folder, name);
    if (token === undefined || !(await isLeft(path, token))) continue;
    // A lock that was being made is a folder, and so is a copy.
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function sweepLock(lock: string): Promise<void> {
  for (const draft of await readdir(lock).catch(() => [])) {
    const path = join(lock, draft);
    if (isToken(draft) && (await isLeft(path, draft)))
      await rm(path, { force: true }).catch(() => {});
  }
  // It stays where something is in it.
  await rmdir(lock).catch(() => {});
}

async function isLeft(path: string, token: string): Promise<boolean> {
  const ended = await hasEnded(token);
  if (ended !== undefined) return ended;
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > FOREIGN_AGE_MS;
}
