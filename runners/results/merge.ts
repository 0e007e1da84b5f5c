import { ENGINE_NAMES } from '../engines/engine.ts';
import { cellId } from '../plan.ts';
import { planDigest } from '../shard.ts';
import { UserError } from '../user-error.ts';
import { conclusionOf } from './conclusion.ts';
import type { CellResult, ProgramName, RunResult } from './result.ts';

/** A shard's result and the folder in which it lies. */
export type FoundRun = { readonly folder: string; readonly result: RunResult };

type FoundShard = FoundRun & {
  readonly shard: NonNullable<RunResult['shard']>;
  readonly revision: NonNullable<RunResult['revision']>;
};

/**
 * Makes one result of those of all shards of a plan.
 *
 * @param orderOf a cell's place in the order in which a person expects them
 * @throws UserError where they are not all shards of one plan, of the same sources, each once
 */
export function merge(
  found: readonly FoundRun[],
  { id, command }: { readonly id: string; readonly command: string },
  orderOf: (cell: CellResult) => readonly number[],
): RunResult {
  const shards = found.map(asShard).sort((a, b) => a.shard.index - b.shard.index);
  const [first] = shards;
  if (first === undefined) throw new UserError('There is no run to merge: name their folders.');
  for (const other of shards.slice(1)) assertSame(first, other);
  assertAll(shards, first.shard.count);
  const results = shards.map(({ result }) => result);
  const cells = results
    .flatMap((result) => result.cells)
    .map((cell) => ({ cell, order: orderOf(cell) }))
    .sort((a, b) => compare(a.order, b.order))
    .map(({ cell }) => cell);
  assertPlanned(cells, first.shard);
  const startedAt = results.map((result) => result.startedAt).sort()[0] as string;
  const ends = results.map((result) => Date.parse(result.startedAt) + result.durationMs);
  return {
    schema: 1,
    id,
    startedAt,
    command,
    engines: enginesOf(results),
    absent: absentOf(results),
    // Of the plan, which all have in common.
    leftOut: first.result.leftOut,
    machine: first.result.machine,
    revision: first.revision,
    shard: null,
    merged: shards.map(({ shard, result }) => {
      const { id, startedAt, durationMs, machine, engines } = result;
      return { index: shard.index, id, startedAt, durationMs, machine, engines };
    }),
    durationMs: Math.max(...ends) - Date.parse(startedAt),
    ...conclusionOf(cells, first.shard.total),
    interrupted: results.some(({ interrupted }) => interrupted),
    planned: first.shard.total,
    cells,
  };
}

function asShard({ folder, result }: FoundRun): FoundShard {
  const { shard, revision, merged } = result;
  if (shard && revision) return { folder, result, shard, revision };
  const why = merged
    ? 'is merged already. Merge shards only, or take it as it is.'
    : shard
      ? 'does not say of which sources it is. Run that shard again.'
      : 'is no shard: it was run without --shard. Merge shards only.';
  throw new UserError(`The run in ${folder} ${why}`);
}

function assertSame(one: FoundShard, other: FoundShard): void {
  const both = `The runs in ${one.folder} and ${other.folder}`;
  const [mine, others] = [one.revision, other.revision];
  if (mine.sources !== others.sources) {
    throw new UserError(
      `${both} are of different sources (${shownCommit(mine)}, ${shownCommit(others)}). Run all shards with the same commit.`,
    );
  }
  // A machine without a repository, a container say, knows no commit: there, sources are all.
  if (mine.commit && others.commit && cleanCommit(mine.commit) !== cleanCommit(others.commit)) {
    throw new UserError(
      `${both} are of different commits (${mine.commit}, ${others.commit}). Run all shards with the same commit.`,
    );
  }
  if (one.shard.count !== other.shard.count) {
    throw new UserError(
      `${both} are shards of ${one.shard.count} and of ${other.shard.count}. Run all with the same --shard …/n.`,
    );
  }
  if (one.shard.plan !== other.shard.plan) {
    throw new UserError(
      `${both} are shards of different plans: different labs, languages, repeats or engines. Run all with the same options, and name the engine: --engine ${one.result.engines[0]?.name ?? 'local'}`,
    );
  }
}

function assertAll(shards: readonly FoundShard[], count: number): void {
  for (let index = 1; index <= count; index++) {
    const own = shards.filter(({ shard }) => shard.index === index);
    if (own.length === 0) {
      throw new UserError(
        `Shard ${index}/${count} is missing. Run it (--shard ${index}/${count}) and name its folder, too.`,
      );
    }
    if (own.length > 1) {
      const folders = own.map(({ folder }) => folder).join(' and ');
      throw new UserError(
        `Shard ${index}/${count} is there ${own.length} times: ${folders}. Name one of them.`,
      );
    }
  }
}

/** Equal plans are divided equally, so none of this can be: unless somebody has edited a result. */
function assertPlanned(
  cells: readonly CellResult[],
  { plan, total }: NonNullable<RunResult['shard']>,
): void {
  const seen = new Set<string>();
  for (const cell of cells) {
    const key = `${idOf(cell)} in the ${cell.engine} engine, IPv${cell.ip}`;
    if (seen.has(key)) throw new UserError(`Two shards have the same cell: ${key}. ${AGAIN}`);
    seen.add(key);
  }
  if (cells.length > total) {
    throw new UserError(
      `The shards have ${cells.length} cells together, but ${total} were planned. ${AGAIN}`,
    );
  }
  const named = cells.map((cell) => ({ engine: cell.engine, ip: cell.ip, id: idOf(cell) }));
  if (cells.length === total && planDigest(named) !== plan) {
    throw new UserError(`The shards' cells are not those that were planned. ${AGAIN}`);
  }
}

const AGAIN = 'A result was edited: run the shards again.';

/** As its folder of evidence is named. */
export function idOf({ number, lab, variant, cure, client, server, repeat }: CellResult): string {
  const languages = { client: languageId(client), server: languageId(server) };
  return cellId({ number, name: lab, variant, cure }, { ...languages, repeat });
}

/** A language as a plan names it: `java`, or `java@25` where that version was asked for. */
export function languageId({ language, asked }: ProgramName): string {
  return asked === null ? language : `${language}@${asked}`;
}

function shownCommit({ commit }: FoundShard['revision']): string {
  return commit ?? 'no commit';
}

function cleanCommit(commit: string): string {
  return commit.replace(/-dirty$/, '');
}

/** One entry for each engine; its times are sums over the shards. */
function enginesOf(results: readonly RunResult[]): RunResult['engines'] {
  const all = results.flatMap(({ engines }) => engines);
  const names = ENGINE_NAMES.filter((name) => all.some((engine) => engine.name === name));
  return names.map((name) => {
    const own = all.filter((engine) => engine.name === name);
    const titles = [...new Set(own.map(({ title }) => title))].join(', ');
    const kernels = [...new Set(own.map(({ kernel }) => kernel))].join(', ');
    const { why } = own[0] as RunResult['engines'][number];
    const times = own.map(({ processor }) => processor.allMs);
    return {
      name,
      title: titles,
      why,
      kernel: kernels,
      durationMs: sum(own.map(({ durationMs }) => durationMs)),
      processor: {
        programsMs: sum(own.map(({ processor }) => processor.programsMs)),
        allMs: times.some((time) => time === null) ? null : sum(times.map((time) => time ?? 0)),
      },
    };
  });
}

/** Each once; that shards agree about the engines, their plans have told. */
function absentOf(results: readonly RunResult[]): RunResult['absent'] {
  const all = results.flatMap(({ absent }) => absent);
  return all.filter(({ name }, place) => all.findIndex((one) => one.name === name) === place);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}

function compare(one: readonly number[], other: readonly number[]): number {
  const place = one.findIndex((number, index) => number !== other[index]);
  return place < 0 ? 0 : (one[place] ?? 0) - (other[place] ?? 0);
}
