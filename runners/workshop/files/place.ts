import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { ROOT } from '../../paths.ts';
import { EnvironmentError, messageOf, UserError } from '../../user-error.ts';

/** A path as a person types it. */
export function shownPath(path: string): string {
  const way = relative(ROOT, path);
  return way.startsWith('..') ? path : way;
}

export const FILE = 'a file';
export const FOLDER = 'a folder';

/** What is at a path, or where a link there leads to, in words; undefined where nothing is. */
export function whatIs(path: string): string | undefined {
  const own = statsOf(lstatSync, path);
  if (own === undefined) return undefined;
  const stats = own.isSymbolicLink() ? statsOf(statSync, path) : own;
  if (stats === undefined) return `a link to ${readlinkSync(path)}, where nothing is`;
  if (stats.isFile()) return FILE;
  if (stats.isDirectory()) return FOLDER;
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** What stands where one of the folders of a path belongs; undefined where nothing is in the way. */
export function obstacle(path: string): string | undefined {
  const folder = dirname(path);
  if (folder === path) return undefined;
  const what = whatIs(folder);
  if (what === undefined) return obstacle(folder);
  return what === FOLDER ? undefined : `${shownPath(folder)} is ${what}`;
}

/**
 * Makes a folder, and those in which it lies. Step by step: Node's own way says of a read-only disk that something is
 * missing, and never ends below /proc.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && whatIs(folder) === FOLDER) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || whatIs(parent) !== undefined) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

/** @throws UserError where something else stands where a folder belongs */
export function assertNoObstacle(path: string): void {
  const what = obstacle(path);
  if (what === undefined) return;
  throw new UserError(
    `${what}, and a folder of the workshop belongs there. Give it another name, or name another folder for the workshop: RESET_LABS_WORKSHOP=FOLDER`,
  );
}

/** What a person is told where the machine has refused to write something; any other error is given back. */
export function unwritable(path: string, error: unknown): unknown {
  if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') return error;
  const problem = `${shownPath(path)} cannot be written: ${messageOf(error)}.`;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (['ENOSPC', 'EDQUOT'].includes(code)) {
    return new EnvironmentError(
      `${problem} The disk is full: make room there, then run the same command again.`,
    );
  }
  try {
    assertNoObstacle(path);
  } catch (other) {
    if (other instanceof UserError) return other;
  }
  return new UserError(
    `${problem} Let yourself write there, or name another folder for the workshop: RESET_LABS_WORKSHOP=FOLDER`,
  );
}

function statsOf(look: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return look(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) return undefined;
    throw error;
  }
}
