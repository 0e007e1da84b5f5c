import type { NamedLanguage } from './catalog/language.ts';
import type { LeaveOut } from './cell/leave-out.ts';
import { observe } from './cell/observe.ts';
import type { Engine } from './engines/engine.ts';
import { isUnavailable } from './engines/unavailable.ts';
import type { Cell } from './plan.ts';
import { Pool } from './pool.ts';
import { cellResult, emptyResult } from './results/cell-result.ts';
import type { CellResult } from './results/result.ts';
import { messageOf, UserError } from './user-error.ts';
import { judge } from './verdict/judge.ts';

export type RunOptions = {
  /** How many cells happen at the same time. */
  readonly jobs: number;
  readonly leaveOut: LeaveOut;
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
  for (const cell of cells.slice(0, options.jobs)) pool.warm(cell);
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

/** Prepares each language that is needed; why it cannot run, for those that cannot. */
async function prepare(cells: readonly Cell[], engine: Engine): Promise<Map<string, string>> {
  const languages = new Map<string, NamedLanguage>();
  for (const { client, server, lab } of cells) {
    languages.set(client.name, client);
    if (lab.server !== 'none') languages.set(server.name, server);
  }
  const problems = await Promise.all(
    [...languages.values()].map(async (language) => {
      const problem = await engine.prepare(language);
      return [language.name, problem?.unavailable] as const;
    }),
  );
  return new Map(problems.flatMap(([name, why]) => (why === undefined ? [] : [[name, why]])));
}

async function oneCell(
  cell: Cell,
  pool: Pool,
  engine: Engine,
  missing: ReadonlyMap<string, string>,
  { leaveOut, keepPcap, signal }: RunOptions,
): Promise<CellResult> {
  const needed = cell.lab.server === 'none' ? [cell.client] : [cell.client, cell.server];
  const lacking = needed.map(({ name }) => missing.get(name)).find((why) => why !== undefined);
  if (lacking !== undefined) return emptyResult(cell, 'not-run', lacking);
  if (signal.aborted) return emptyResult(cell, 'not-run', 'interrupted');
  const began = performance.now();
  try {
    const { result } = await pool.lend(cell, async (topology) => {
      const { observation, pcap } = await observe(cell, topology, engine, leaveOut);
      // Its hosts were taken away under it: what was seen then is not the lab's story.
      if (signal.aborted) throw new Error('interrupted');
      const judgement = judge(cell, observation);
      const path = pcap && !isUnavailable(topology.capture) ? await keepPcap(cell, pcap) : null;
      const durationMs = Math.round((performance.now() - began) * 10) / 10;
      const whole = observation.problem === null;
      return {
        whole,
        result: cellResult(cell, observation, judgement, { durationMs, pcap: path }),
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
