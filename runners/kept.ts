import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from './paths.ts';

/** So many are kept, whoever used them last: those of all languages, and some of what a participant goes back to. */
const MOST_KEPT = 30;

/** What was used within this time, somebody may be using still. */
const IN_USE_MS = 60 * 60_000;

let turn: Promise<unknown> = Promise.resolve();

/**
 * Whether a folder is in its cache, where it is then in use; where it is not, others that are long unused make room.
 * One question at a time: nothing is taken away between an answer and the use.
 */
export function isKept(folder: string): Promise<boolean> {
  const answer = turn.then(async () => {
    await inUse(folder);
    if (await exists(folder)) return true;
    await takeAwayUnused(dirname(folder));
    return false;
  });
  turn = answer.catch(() => {});
  return answer;
}

/** Says that a folder which is kept for the next time is in use. */
export async function inUse(folder: string): Promise<void> {
  const now = new Date();
  // It may be another user's, who has made it before; or it is not there.
  await utimes(folder, now, now).catch(() => {});
}

/**
 * Takes away the folders in a cache that nobody has used for an hour, but for those used last. What cannot be taken
 * away stays: it is in nobody's way.
 */
export async function takeAwayUnused(cache: string, mostKept = MOST_KEPT): Promise<void> {
  const names = await readdir(cache).catch(() => []);
  if (names.length <= mostKept) return;
  const paths = names.map((name) => join(cache, name));
  const used = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  const latest = paths
    .map((path, place) => ({ path, atMs: used[place]?.mtimeMs ?? Date.now() }))
    .sort((a, b) => b.atMs - a.atMs);
  await Promise.all(
    latest
      .slice(mostKept)
      .filter(({ atMs }) => Date.now() - atMs > IN_USE_MS)
      .map(({ path }) => rm(path, { recursive: true, force: true }).catch(() => {})),
  );
}
