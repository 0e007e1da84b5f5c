import type { ExecutionContext } from 'ava';
import { type Typed, typed } from '../_typed.ts';
import { NO_DOCKER, setEnvironment } from '../doctor/_machine.ts';

/** Types a command for a participant who has this folder: one test at a time, since all have one environment. */
export async function typedIn(
  t: ExecutionContext,
  folder: string,
  words: readonly string[],
): Promise<Typed> {
  setEnvironment(t, { RESET_LABS_WORKSHOP: folder, DOCKER_HOST: NO_DOCKER });
  return await typed(words);
}
