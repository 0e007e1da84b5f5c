import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A path inside the project. */
export function inProject(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** What may be thrown away at any time: compiled programs, mount points. */
export const CACHE = inProject('.cache');

/** In it: programs that are compiled, or copied so that all users may read them. */
export const PROGRAMS = join(CACHE, 'programs');

/** Whether something is there, as far as this user may see it. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
