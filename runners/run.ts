import type { NamedLanguage } from './catalog/language.ts';
import type { Need } from './catalog/topology.ts';
import { type HowToObserve, type Observed, observe } from './cell/observe.ts';
import { HostError } from './engines/agent/host-error.ts';
import type { Engine } from './engines/engine.ts';
import { isUnavailable } from './engines/unavailable.ts';
import { lostOf } from './evidence/observation.ts';
import { type Cell, topologyOf } from './plan.ts';
import { Pool } from './pool.ts';
import { CellQueue } from './queue.ts';
import { cellResult, emptyResult } from './results/cell-result.ts';
import type { CellResult } from './results/result.ts';
import { messageOf, UserError } from './user-error.ts';
import { judge } from './verdict/judge.ts';

export type RunOptions = HowToObserve & {
  /** How many cells happen at the same time. */
  readonly jobs: number;
  /** A cell's expected duration in milliseconds. */
  readonly costOf: (cell: Cell) => number;
  /** Keeps a cell's capture; returns its path relative to the run's folder, null if it could not be kept. */
  readonly keepPcap: (cell: Cell, pcap: Buffer) => Promise<string | null>;
  /** Told of each result as it comes; the next cell of its turn waits for it. */
  readonly onResult: (result: CellResult, cell: Cell) => Promise<void>;
  /** Told of all that was seen of a cell, before it is judged. */
  readonly onObserved?: (cell: Cell, observed: Observed) => void;
  readonly signal: AbortSignal;
};

export type RunOutcome = {
  /** In the order of the cells. */
  readonly results: readonly CellResult[];
  /** What one person must mend before anything more can run; the cells after it were not run. */
  readonly stopped: UserError | undefined;
};

/** Lets all cells happen. */
export async function run(
  cells: readonly Cell[],
  engine: Engine,
  options: RunOptions,
): Promise<RunOutcome> {
  const results = new Map<string, CellResult>();
  const pool = new Pool(engine, options.jobs * 2);
  const preparing = prepare(cells, engine, options.signal);
  // All that the first cells need is begun at once; whoever needs it is told of its failure.
  if (!options.leaveOut.has('kernel')) engine.trace().catch(() => {});
  const queue = new CellQueue(cells, (cell) => engine.keys(topologyOf(cell)), options.costOf);
  const takers = Array.from({ length: Math.min(options.jobs, cells.length) }, () => queue.taker());
  const firsts = takers.map((taker) => taker.next());
  for (const cell of firsts) if (cell) pool.warm(topologyOf(cell));
  const missing = await preparing;
  let stopped: UserError | undefined;
  const work = async (taker: (typeof takers)[number], first: Cell | undefined) => {
    for (let cell = first; cell !== undefined; cell = taker.next()) {
      const result = await oneCell(cell, pool, engine, missing, options).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        stopped ??= error;
        return notRun(cell as Cell, error);
      });
      results.set(cell.id, result);
      // An interruption is told once, not for each cell.
      if (result.verdict !== 'not-run' || !options.signal.aborted) {
        await options.onResult(result, cell);
      }
      if (stopped) for (const left of queue.empty()) results.set(left.id, notRun(left, stopped));
    }
  };
  await Promise.all(takers.map((taker, place) => work(taker, firsts[place])));
  return { results: cells.flatMap(({ id }) => results.get(id) ?? []), stopped };
}

function notRun(cell: Cell, { message }: UserError): CellResult {
  return emptyResult(cell, 'not-run', `the run was stopped: ${message}`);
}

/** Why cells cannot run here, by the ids of their languages and the names of what else they need. */
type Missing = ReadonlyMap<NamedLanguage['id'] | Need, string>;

/** Prepares each language that is needed, and asks for all else. */
async function prepare(
  cells: readonly Cell[],
  engine: Engine,
  signal: AbortSignal,
): Promise<Missing> {
  // An interruption closes the engine, and what it was compiling fails; no cell is begun then.
  const unlessInterrupted = (prepared: ReturnType<Engine['prepare']>) =>
    prepared.catch((error) => {
      if (signal.aborted) return undefined;
      throw error;
    });
  const languages = new Map(cells.flatMap(languagesOf).map((language) => [language.id, language]));
  const needs = new Set(cells.flatMap(({ lab }) => lab.needs ?? []));
  const problems = await Promise.all([
    ...[...languages.values()].map(async (language) => {
      return [language.id, await unlessInterrupted(engine.prepare(language))] as const;
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
  { leaveOut, looking, keepPcap, onObserved, signal }: RunOptions,
): Promise<CellResult> {
  const needed = [...languagesOf(cell).map(({ id }) => id), ...(cell.lab.needs ?? [])];
  const lacking = needed.map((name) => missing.get(name)).find((why) => why !== undefined);
  if (lacking !== undefined) return emptyResult(cell, 'not-run', lacking);
  if (signal.aborted) return emptyResult(cell, 'not-run', 'interrupted');
  const began = performance.now();
  try {
    const { result } = await pool.lend(topologyOf(cell), async (topology) => {
      const how = { leaveOut, looking };
      const observed = await observe(cell, topology, engine, how);
      // Its hosts were taken away under it: what was seen then is not the lab's story.
      if (signal.aborted) throw new Error('interrupted');
      onObserved?.(cell, observed);
      const { observation, pcap, looks } = observed;
      const judgement = judge(cell, observation);
      const path = pcap && !isUnavailable(topology.capture) ? await keepPcap(cell, pcap) : null;
      const durationMs = Math.round((performance.now() - began) * 10) / 10;
      const whole = observation.problem === null && lostOf(observation) === null;
      return {
        whole,
        result: cellResult(cell, observation, judgement, { durationMs, pcap: path, looks }),
      };
    });
    return result;
  } catch (error) {
    // What one person must mend before anything can run is no property of a cell.
    if (!signal.aborted) {
      const lost = await engine.lost();
      if (lost) throw lost;
      if (error instanceof UserError) throw error;
    }
    const verdict = signal.aborted ? 'not-run' : 'unknown';
    const reason = signal.aborted
      ? 'interrupted'
      : error instanceof HostError
        ? error.message
        : `the cell could not be set up: ${messageOf(error)}`;
    return emptyResult(cell, verdict, reason);
  }
}
