import { createHash } from 'node:crypto';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { NamedLanguage } from '../../catalog/language.ts';
import { isKept } from '../../kept.ts';
import { CACHE, PROGRAMS, ROOT } from '../../paths.ts';

/**
 * A folder with a language's programs that the user can read whom root's programs run as; a clone under a
 * strict umask is open to root only. Everybody else's programs run as the same user.
 *
 * @param folder the sources, or in the cache what the compiler made of them
 * @returns the folder itself where all may read it, else a copy in the cache
 */
export async function readable({ of, sources }: NamedLanguage, folder: string): Promise<string> {
  if (process.getuid?.() !== 0) return folder;
  if (isInCache(folder)) {
    await openToAll(folder);
    return folder;
  }
  if (await allMayRead(folder, sources)) return folder;
  const hash = createHash('sha256');
  for (const source of sources) hash.update(await readFile(join(folder, source)));
  const copy = join(PROGRAMS, `${of}-copy-${hash.digest('hex').slice(0, 12)}`);
  if (await isKept(copy)) {
    // Somebody may have closed the clone once more.
    await openToAll(copy);
    return copy;
  }
  await mkdir(PROGRAMS, { recursive: true });
  // Under a name of its own until it is whole, so that two at once cannot spoil it.
  const making = await mkdtemp(`${copy}.`);
  for (const source of sources) {
    await mkdir(dirname(join(making, source)), { recursive: true });
    await copyFile(join(folder, source), join(making, source));
  }
  await openToAll(making);
  // Fails where another has made the same copy.
  await rename(making, copy).catch(() => rm(making, { recursive: true, force: true }));
  return copy;
}

/** Lets all users read what is ours to give: a folder in the cache, and pass those on the way to it. */
export async function openToAll(folder: string): Promise<void> {
  if (process.getuid?.() !== 0 || !isInCache(folder)) return;
  for (let way = folder; way !== dirname(CACHE); way = dirname(way)) await open(way, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await open(path, 0o755);
    else if (entry.isFile()) await open(path, 0o444);
  }
}

async function open(path: string, more: number): Promise<void> {
  const { mode } = await stat(path);
  // What one may execute, all may.
  const wanted = mode | more | ((mode & 0o100) !== 0 ? 0o111 : 0);
  if (wanted !== mode) await chmod(path, wanted & 0o7777);
}

/** Those of the project's own folders on the way count, too; those above it are the view's concern. */
async function allMayRead(folder: string, sources: readonly string[]): Promise<boolean> {
  for (let way = folder; way !== dirname(way) && isIn(way, ROOT); way = dirname(way)) {
    if (((await stat(way)).mode & 0o001) === 0) return false;
  }
  const modes = await Promise.all(sources.map((source) => stat(join(folder, source))));
  return modes.every(({ mode }) => (mode & 0o004) !== 0);
}

function isInCache(folder: string): boolean {
  return isIn(folder, CACHE);
}

function isIn(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..');
}
