import type { NamedLanguage } from './catalog/language.ts';
import type { Need } from './catalog/topology.ts';
import { type HowToObserve, observe } from './cell/observe.ts';
import type { Engine } from './engines/engine.ts';
import { isUnavailable } from './engines/unavailable.ts';
import { type Cell, topologyOf } from './plan.ts';
import { Pool } from './pool.ts';
import { cellResult, emptyResult } from './results/cell-result.ts';
import type { CellResult } from './results/result.ts';
import { messageOf, UserError } from './user-error.ts';
import { judge } from './verdict/judge.ts';

export type RunOptions = HowToObserve & {
  /** How many cells happen at the same time. */
  readonly jobs: number;
  /** Keeps a cell's capture; returns its path relative to the run's folder. */
  readonly keepPcap: (cell: Cell, pcap: Buffer) => Promise<string>;
  /** Told of each result as it comes. */
  readonly onResult: (result: CellResult) => void;
  readonly signal: AbortSignal;
};

/** Lets all cells happen; the results are in the order of the cells. */
export async function run(
  cells: readonly Cell[],
  engine: Engine,
  options: RunOptions,
): Promise<CellResult[]> {
  const results = new Map<string, CellResult>();
  const pool = new Pool(engine, options.jobs * 2);
  const preparing = prepare(cells, engine);
  // All that the first cells need is begun at once; whoever needs it is told of its failure.
  if (!options.leaveOut.has('kernel')) engine.trace().catch(() => {});
  for (const cell of cells.slice(0, options.jobs)) pool.warm(topologyOf(cell));
  const missing = await preparing;
  const queue = [...cells];
  const work = async () => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      const result = await oneCell(cell, pool, engine, missing, options);
      results.set(cell.id, result);
      if (result.verdict !== 'not-run' || !options.signal.aborted) options.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, cells.length) }, work));
  return cells.flatMap(({ id }) => results.get(id) ?? []);
}

/** Why cells cannot run here, by the names of their languages and of what else they need. */
type Missing = ReadonlyMap<NamedLanguage['name'] | Need, string>;

/** Prepares each language that is needed, and asks for all else. */
async function prepare(cells: readonly Cell[], engine: Engine): Promise<Missing> {
  const languages = new Map(
    cells.flatMap(languagesOf).map((language) => [language.name, language]),
  );
  const needs = new Set(cells.flatMap(({ lab }) => lab.needs ?? []));
  const problems = await Promise.all([
    ...[...languages.values()].map(async (language) => {
      return [language.name, await engine.prepare(language)] as const;
    }),
    ...[...needs].map(async (need) => [need, await engine.lacks(need)] as const),
  ]);
  return new Map(problems.flatMap(([name, why]) => (why ? [[name, why.unavailable]] : [])));
}

function languagesOf({ client, server, lab }: Cell): NamedLanguage[] {
  return lab.server === 'none' ? [client] : [client, server];
}

async function oneCell(
  cell: Cell,
  pool: Pool,
  engine: Engine,
  missing: Missing,
  { leaveOut, looking, keepPcap, signal }: RunOptions,
): Promise<CellResult> {
  const needed = [...languagesOf(cell).map(({ name }) => name), ...(cell.lab.needs ?? [])];
  const lacking = needed.map((name) => missing.get(name)).find((why) => why !== undefined);
  if (lacking !== undefined) return emptyResult(cell, 'not-run', lacking);
  if (signal.aborted) return emptyResult(cell, 'not-run', 'interrupted');
  const began = performance.now();
  try {
    const { result } = await pool.lend(topologyOf(cell), async (topology) => {
      const how = { leaveOut, looking };
      const { observation, pcap, looks } = await observe(cell, topology, engine, how);
      // Its hosts were taken away under it: what was seen then is not the lab's story.
      if (signal.aborted) throw new Error('interrupted');
      const judgement = judge(cell, observation);
      const path = pcap && !isUnavailable(topology.capture) ? await keepPcap(cell, pcap) : null;
      const durationMs = Math.round((performance.now() - began) * 10) / 10;
      const whole = observation.problem === null;
      return {
        whole,
        result: cellResult(cell, observation, judgement, { durationMs, pcap: path, looks }),
      };
    });
    return result;
  } catch (error) {
    // What one person must mend before anything can run is no property of a cell.
    if (error instanceof UserError && !signal.aborted) throw error;
    const verdict = signal.aborted ? 'not-run' : 'unknown';
    const reason = signal.aborted
      ? 'interrupted'
      : `the cell could not be set up: ${messageOf(error)}`;
    return emptyResult(cell, verdict, reason);
  }
}
