import { type Stats, statSync } from 'node:fs';

/** How often a file is looked at. Polled, since events do not come on every file system. */
const EVERY_MS = 250;

/**
 * Waits until a file is written to, or replaced, since the call, and has come to rest: an editor may write it in
 * several steps, or twice (a formatter), and what stands there between is nobody's program.
 */
export function saved(path: string, signal: AbortSignal): Promise<'saved'> {
  return new Promise((resolve) => {
    if (signal.aborted) return;
    // Not `watchFile`: it begins with what is there a moment after the call.
    const before = statOf(path);
    let last = before;
    const timer = setInterval(() => {
      const now = statOf(path);
      const rests = isSame(now, last);
      last = now;
      // An editor may take the old file away before the new one is there.
      if (now === undefined || !rests || isSame(now, before)) return;
      clearInterval(timer);
      resolve('saved');
    }, EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  });
}

function isSame(one: Stats | undefined, other: Stats | undefined): boolean {
  return one?.mtimeMs === other?.mtimeMs && one?.size === other?.size && one?.ino === other?.ino;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
