import { setTimeout as after } from 'node:timers/promises';

/** An awaited state did not come in time. The message names the state, not the clock. */
export class DeadlineError extends Error {
  constructor(state: string, deadlineMs: number, instead?: string) {
    super(
      `${state} did not come within ${deadlineMs / 1000} s${instead === undefined ? '' : `; instead: ${instead}`}`,
    );
    this.name = 'DeadlineError';
  }
}

/** How long a state may take to come. Long, because a busy machine is no failure. */
export const PATIENCE_MS = 15_000;

/**
 * Asks again and again until an answer other than undefined comes.
 *
 * @param state what is waited for, as a noun phrase; the error names it
 * @param ask looks once; returns undefined while the state has not come
 * @param instead tells what is there in place of the state, for the error
 * @throws DeadlineError after `deadlineMs`
 */
export async function until<T>(
  state: string,
  ask: () => Promise<T | undefined>,
  { deadlineMs = PATIENCE_MS, instead = async (): Promise<string | undefined> => undefined } = {},
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (let pause = 1; ; pause = Math.min(pause * 1.5, 20)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new DeadlineError(state, deadlineMs, await instead());
    await after(pause);
  }
}

/**
 * Waits for a promise, but not longer than the deadline.
 *
 * @throws DeadlineError which names `state`
 */
export async function within<T>(
  state: string,
  promise: Promise<T>,
  deadlineMs = PATIENCE_MS,
  instead?: () => string | undefined,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(state, deadlineMs, instead?.())), deadlineMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
