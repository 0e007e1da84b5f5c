import { availableParallelism } from 'node:os';
import type { EngineName } from './engines/engine.ts';

/**
 * How many cells happen at the same time where a person does not say. Most of a cell's time is spent with
 * waiting: for timers of the kernel locally, for the engine in Docker.
 *
 * @param processors those that run the hosts
 */
export function defaultJobs(engine: EngineName, processors = availableParallelism()): number {
  return engine === 'local' ? 5 * processors + 2 : 4 * processors;
}
