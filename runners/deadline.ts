import { setTimeout as after } from 'node:timers/promises';
import { UserError } from './user-error.ts';

/** An awaited state did not come in time. The message names the state, not the clock. */
export class DeadlineError extends Error {
  constructor(state: string, deadlineMs: number, instead?: string) {
    super(
      `${state} did not come within ${deadlineMs / 1000} s${instead === undefined ? '' : `; instead: ${instead}`}`,
    );
    this.name = 'DeadlineError';
  }
}

/**
 * How long a state may take to come, in milliseconds. Long, because a busy machine is no failure. The
 * environment variable `RESET_LABS_PATIENCE_MS` sets another time: longer for a very slow machine, shorter
 * where a state is not meant to come.
 */
export const PATIENCE_MS = patience(process.env.RESET_LABS_PATIENCE_MS);

/**
 * Reads `RESET_LABS_PATIENCE_MS`.
 *
 * @throws UserError for what is no whole number from 100 to 600000
 */
export function patience(text: string | undefined): number {
  if (text === undefined || text === '') return 15_000;
  const milliseconds = Number(text);
  if (/^\d+$/.test(text) && milliseconds >= 100 && milliseconds <= 600_000) return milliseconds;
  throw new UserError(
    `RESET_LABS_PATIENCE_MS is "${text}". Write a whole number of milliseconds from 100 to 600000.`,
  );
}

const BEAT_MS = 250;
/** Between two beats so long, nothing could run. */
const HELD_UP_MS = 1_200;
let lastBeat = performance.now();
let heldUpMs = 0;
setInterval(beat, BEAT_MS).unref();

function beat(): void {
  const now = performance.now();
  if (now - lastBeat > HELD_UP_MS) heldUpMs += now - lastBeat;
  lastBeat = now;
}

/**
 * A clock that stands still while this process is stopped (SIGSTOP, a suspended machine): what came meanwhile
 * has not been looked at, so nobody can say that it did not come.
 */
function awakeMs(): number {
  beat();
  return performance.now() - heldUpMs;
}

/**
 * How long nobody need look for a state that has not come for so long: a timer of the kernel or of a program is
 * what it waits for then. What comes soon is seen soon; what takes seconds is seen at most a tenth of one late.
 */
function longestPauseMs(waitedMs: number): number {
  return Math.min(Math.max(waitedMs / 5, 20), 100);
}

/**
 * Asks again and again until an answer other than undefined comes.
 *
 * @param state what is waited for, as a noun phrase; the error names it
 * @param ask looks once; returns undefined while the state has not come
 * @param instead tells what is there in place of the state, for the error
 * @param lateMs how late at most the state is to be seen, where it soon passes; a look takes its own time
 * @throws DeadlineError after `deadlineMs`
 */
export async function until<T>(
  state: string,
  ask: () => Promise<T | undefined>,
  {
    deadlineMs = PATIENCE_MS,
    lateMs = Number.POSITIVE_INFINITY,
    instead = async (): Promise<string | undefined> => undefined,
  } = {},
): Promise<T> {
  const began = awakeMs();
  for (let pause = 1; ; pause *= 1.5) {
    const looked = awakeMs();
    const answer = await ask();
    if (answer !== undefined) return answer;
    const now = awakeMs();
    if (now - began > deadlineMs) throw new DeadlineError(state, deadlineMs, await instead());
    // To look takes the machine's time: a look that is dear, or a machine that is busy, gets longer pauses.
    pause = Math.min(Math.max(pause, 2 * (now - looked)), longestPauseMs(now - began), lateMs);
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
  const began = awakeMs();
  const deadline = new Promise<never>((_, reject) => {
    const look = () => {
      const leftMs = deadlineMs - (awakeMs() - began);
      if (leftMs > 0) timer = setTimeout(look, leftMs);
      else reject(new DeadlineError(state, deadlineMs, instead?.()));
    };
    timer = setTimeout(look, deadlineMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
