import { createHash } from 'node:crypto';
import type { Cell } from './plan.ts';
import { UserError } from './user-error.ts';

/** One of several parts of a run, each of which a machine of its own may take; `index` counts from 1. */
export type Shard = { readonly index: number; readonly count: number };

const MOST = 1000;

/** Who numbers the parts of a whole, by which variable, and from what. */
const SCHEDULERS = [
  { name: 'JOB_COMPLETION_INDEX', first: 0 },
  { name: 'PARALLEL_SEQ', first: 1 },
] as const;

/**
 * Reads `2/5`.
 *
 * @param from what the text was given by, for the error
 * @throws UserError
 */
export function parseShard(text: string, from = '--shard'): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (index !== undefined && isShard(shard)) return shard;
  throw new UserError(
    `${from} is "${text}". Write which shard of how many, the first is 1: 2/5, of ${MOST} at most.`,
  );
}

/**
 * The shard that a scheduler has set in the environment: `RESET_LABS_SHARD=2/5`; or `RESET_LABS_SHARDS=5`
 * beside the index which Kubernetes gives the pods of an indexed Job (from 0) or GNU parallel its jobs
 * (from 1). An empty variable counts as one that is not set.
 *
 * @throws UserError for values that say no shard
 */
export function shardOfEnvironment(environment: NodeJS.ProcessEnv): Shard | null {
  const { RESET_LABS_SHARD: whole, RESET_LABS_SHARDS: shards } = environment;
  if (whole) return parseShard(whole, 'RESET_LABS_SHARD');
  if (!shards) return null;
  const found = SCHEDULERS.find(({ name }) => environment[name]);
  if (found === undefined) {
    throw new UserError(
      `RESET_LABS_SHARDS is "${shards}", but neither ${SCHEDULERS.map(({ name }) => name).join(' nor ')} says which of them this is. Set RESET_LABS_SHARD=2/5 instead.`,
    );
  }
  const { name, first } = found;
  const value = environment[name] ?? '';
  const [index, count] = [wholeNumber(value) + 1 - first, wholeNumber(shards)];
  if (isShard({ index, count })) return { index, count };
  throw new UserError(
    `RESET_LABS_SHARDS is "${shards}" and ${name} "${value}", which is no shard: the first is ${first}, of ${MOST} at most. Mend them, or set RESET_LABS_SHARD=2/5 instead.`,
  );
}

/**
 * The cells of one shard, in the order of the plan. Every shard of the same plan gets the same answer: the
 * longest cells first, each to the shard that has the least to do.
 *
 * @param costOf a cell's expected duration in milliseconds
 */
export function cellsOfShard(
  cells: readonly Cell[],
  { index, count }: Shard,
  costOf: (cell: Cell) => number,
): Cell[] {
  const loads = Array.from({ length: count }, () => 0);
  const mine = new Set<Cell>();
  const longestFirst = cells
    .map((cell, place) => ({ cell, place, cost: costOf(cell) }))
    .sort((a, b) => b.cost - a.cost || a.place - b.place);
  for (const { cell, cost } of longestFirst) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + cost;
    if (least === index - 1) mine.add(cell);
  }
  return cells.filter((cell) => mine.has(cell));
}

/**
 * The same for plans of the same cells, in whatever order: shards of different plans must not be merged.
 */
export function planDigest(cells: readonly Pick<Cell, 'engine' | 'ip' | 'id'>[]): string {
  const names = cells.map(({ engine, ip, id }) => `${engine} ${ip} ${id}`).sort();
  return createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16);
}

/** NaN for what is not written with digits alone. */
function wholeNumber(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
}

function isShard({ index, count }: Shard): boolean {
  const isWhole = Number.isInteger(index) && Number.isInteger(count);
  return isWhole && index >= 1 && index <= count && count <= MOST;
}
