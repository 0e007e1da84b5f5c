import { closeSync, constants, openSync, readSync } from 'node:fs';
import { messageOf } from '../../user-error.ts';
import { assertNoObstacle, FILE, whatIs } from './place.ts';

/** Why the text of a file cannot be had. The message goes on where the file's name ends: `is a folder`. */
export class NoTextError extends Error {}

/** More than any file of the workshop has. */
const MOST_BYTES = 1_000_000;

/**
 * The text of a file that a person may have put there: what is none is refused, and nothing of it can be waited for.
 *
 * @returns undefined where nothing is there
 * @throws NoTextError for what is no file, not UTF-8, too long, or cannot be read
 * @throws UserError where something stands in the place of its folder
 */
export function textOf(path: string): string | undefined {
  const bytes = bytesOf(path);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NoTextError('is not UTF-8');
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    const what = whatIs(path);
    if (what === FILE) return read(path);
    if (what !== undefined) throw new NoTextError(`is ${what}`);
  } catch (error) {
    if (error instanceof NoTextError) throw error;
    // Between two looks an editor may have taken it away.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new NoTextError(`cannot be read (${messageOf(error)})`);
  }
  assertNoObstacle(path);
  return undefined;
}

function read(path: string): Buffer {
  // Should a FIFO have come meanwhile, it is not waited for.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = Buffer.allocUnsafe(MOST_BYTES + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length < bytes.length; length += got) {
      got = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    if (length > MOST_BYTES) throw new NoTextError('has more than 1 MB');
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
