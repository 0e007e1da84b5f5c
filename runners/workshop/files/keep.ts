import { link, rename, rm } from 'node:fs/promises';
import { unwritable } from './place.ts';

/**
 * Gives a file another name, one that is free.
 *
 * @throws UserError where the folder cannot be written
 */
export async function keep(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `${path}.old${number === 1 ? '' : `-${number}`}`;
    try {
      if (await isNamed(path, name)) return name;
    } catch (error) {
      throw unwritable(path, error);
    }
  }
}

/** Whether the name was free. */
async function isNamed(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM') throw error;
    // A folder has one name only.
    await rename(path, name);
    return true;
  }
  await rm(path, { force: true });
  return true;
}
