import { type Stats, statSync } from 'node:fs';

/** How often a file is looked at. Polled, since events do not come on every file system. */
const EVERY_MS = 250;

/** Waits until a file is written to, or replaced, since the call. */
export function saved(path: string, signal: AbortSignal): Promise<'saved'> {
  return new Promise((resolve) => {
    if (signal.aborted) return;
    // Not `watchFile`: it begins with what is there a moment after the call.
    const before = statOf(path);
    const timer = setInterval(() => {
      const now = statOf(path);
      // An editor may take the old file away before the new one is there.
      if (now === undefined) return;
      if (now.mtimeMs === before?.mtimeMs && now.size === before.size) return;
      clearInterval(timer);
      resolve('saved');
    }, EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  });
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
