import { link, open, rm } from 'node:fs/promises';
import { newToken, unfinished } from './token.ts';

/**
 * Creates a file that is there whole or not at all, and never in the place of another. What is left of it where this
 * process is killed, {@link sweepFolder} takes away.
 *
 * @returns whether it was created: false where something is there already
 */
export async function isCreated(
  path: string,
  content: string | Uint8Array,
  signal?: AbortSignal,
): Promise<boolean> {
  const making = unfinished(path, await newToken());
  try {
    const handle = await open(making, 'wx');
    try {
      await handle.writeFile(content, { signal });
      await handle.sync();
    } finally {
      await handle.close();
    }
    signal?.throwIfAborted();
    // Unlike a rename it never takes the place of a file that has come meanwhile.
    await link(making, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(making, { force: true });
  }
}
