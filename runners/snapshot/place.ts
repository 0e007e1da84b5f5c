import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../paths.ts';
import { RESULT } from '../results/recover.ts';
import { messageOf, UserError } from '../user-error.ts';
import { isCreated } from '../workshop/files/create.ts';
import { sweepFolder } from '../workshop/files/sweep.ts';
import type { Files } from './archive.ts';

/** @throws UserError where something is there already */
export async function assertNew(file: string): Promise<void> {
  if (await exists(file)) throw taken(file);
}

/**
 * Writes a file that is there whole or not at all, and never in the place of another.
 *
 * @throws UserError where it is there already, or cannot be written
 */
export async function writeNew(file: string, content: Buffer, signal?: AbortSignal): Promise<void> {
  try {
    await sweepFolder(dirname(file));
    if (await isCreated(file, content, signal)) return;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new UserError(
      `${file} cannot be written: ${messageOf(error)}. Name another: --output FILE`,
    );
  }
  throw taken(file);
}

function taken(file: string): UserError {
  return new UserError(
    `${file} is there already, and is left as it is. Name another: --output FILE`,
  );
}

/**
 * Lays files out in a folder of their own, which is there whole or not at all. One that is there with the same files
 * is taken as it is.
 *
 * @throws UserError where something else is there, or it cannot be written
 */
export async function layOutFiles(results: string, id: string, files: Files): Promise<string> {
  const folder = join(results, id);
  // As a run's: what is left of it, where this process is killed, the next run takes away.
  const making = join(results, `${id}.${process.pid}.partial`);
  try {
    if (await exists(folder)) return await assertSame(folder, files);
    // The result comes last: without it, nobody takes the folder for that of a run.
    const last = [...files].sort(
      ([one], [other]) => Number(one === RESULT) - Number(other === RESULT),
    );
    for (const [path, content] of last) {
      await mkdir(dirname(join(making, path)), { recursive: true });
      const handle = await open(join(making, path), 'wx');
      await handle.writeFile(content).finally(() => handle.close());
    }
    await rename(making, folder);
    return folder;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${folder} cannot be written: ${messageOf(error)}. Name another folder: --results FOLDER`,
    );
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function assertSame(folder: string, files: Files): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const there = new Set(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const [path, content] of files) {
    const file = join(folder, path);
    const isSame = there.delete(file) && content.equals(await readFile(file));
    if (!isSame) throw other(folder, path);
  }
  for (const file of there) throw other(folder, file.slice(folder.length + 1));
  return folder;
}

function other(folder: string, path: string): UserError {
  return new UserError(
    `${folder} is there already with other content (${path}), and is left as it is. Take another folder: --results FOLDER`,
  );
}
