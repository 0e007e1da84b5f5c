import { randomBytes } from 'node:crypto';
import type { Observed } from './cell/observe.ts';
import { openEngine } from './engines/choose.ts';
import type { EngineName } from './engines/engine.ts';
import type { Cell } from './plan.ts';
import type { CellResult } from './results/result.ts';
import { run } from './run.ts';
import { EnvironmentError } from './user-error.ts';

/** A cell that has happened, with all that was seen of it. */
export type Recorded = {
  readonly cell: Cell;
  readonly observed: Observed;
  readonly result: CellResult;
};

export type HowToRecord = {
  readonly engine: EngineName;
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Tells a person what takes long. */
  readonly say: (text: string) => void;
};

/**
 * Lets cells happen and keeps what was seen of them in memory, in the order of the cells; nothing is written.
 *
 * @throws EnvironmentError where one of them could not happen: without it, nothing can be said of the rest
 */
export async function record(
  cells: readonly Cell[],
  { engine: name, jobs, signal, say }: HowToRecord,
): Promise<Recorded[]> {
  const runId = `recording-${randomBytes(4).toString('hex')}`;
  const engine = await openEngine(name, { runId, capture: true, progress: say });
  const stop = () => void engine.close().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  const seen = new Map<string, Observed>();
  try {
    const { results, stopped } = await run(cells, engine, {
      ...{ jobs, signal, leaveOut: new Set<never>(), looking: false },
      costOf: () => 0,
      keepPcap: async () => null,
      onResult: async () => {},
      onObserved: ({ id }, observed) => void seen.set(id, observed),
    });
    signal.throwIfAborted();
    if (stopped) throw stopped;
    return cells.map((cell, place) => {
      const [observed, result] = [seen.get(cell.id), results[place]];
      if (observed && result) return { cell, observed, result };
      throw new EnvironmentError(`${cell.id} could not be observed: ${result?.reason}`);
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await engine.close();
  }
}
