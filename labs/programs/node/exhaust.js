/** How a server uses up what the system lets it have. */
import { openSync } from 'node:fs';

/** Opens files until no descriptor is left. */
export function leak() {
  try {
    for (;;) openSync('/dev/null');
  } catch (error) {
    if (error.code !== 'EMFILE') throw error;
  }
}

export const PIECE = 8 * 1024 * 1024;

/** Takes memory outside the heap, and touches it: the system counts only what is touched. */
export const take = () => Buffer.alloc(PIECE, 1);
