import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Files by which Docker and Podman mark a container from within. */
const MARKS = ['.dockerenv', 'run/.containerenv'];

/** Whether this process runs in a container, where other things mend what is missing. */
export function inContainer(root = '/'): boolean {
  return MARKS.some((mark) => existsSync(join(root, mark)));
}
