import { arch, cpus, release } from 'node:os';
import type { LeaveOut } from './cell/leave-out.ts';
import { type Durations, expectedMs } from './durations.ts';
import { type Choice, openEngine } from './engines/choose.ts';
import type { Engine } from './engines/engine.ts';
import { defaultJobs } from './jobs.ts';
import { type Cell, type LeftOut, leftOut, type PlanOptions, PORTS, plan } from './plan.ts';
import { processorTimeMs, processorTimeSince } from './processor-time.ts';
import { emptyResult } from './results/cell-result.ts';
import { conclusionOf } from './results/conclusion.ts';
import type { RunFrame } from './results/recover.ts';
import type {
  AbsentEngine,
  CellResult,
  EngineOfRun,
  Revision,
  RunResult,
} from './results/result.ts';
import { Store } from './results/store.ts';
import { type RunOutcome, run } from './run.ts';
import { cellsOfShard, planDigest, type Shard } from './shard.ts';
import { EnvironmentError, messageOf, UserError } from './user-error.ts';

export type SessionOptions = Omit<PlanOptions, 'engine' | 'firstPort'> & {
  /** The engines, in the order in which they are used. */
  readonly choices: readonly Choice[];
  /** Engines that would be used, too, were they there. */
  readonly absent?: readonly AbsentEngine[];
  /** The command that repeats the run. */
  readonly command: string;
  /** Cells at the same time; undefined: what suits the engine. */
  readonly jobs?: number | undefined;
  readonly leaveOut: LeaveOut;
  /** Whether the labs' looks are taken: what commands show at moments that they name. */
  readonly looking?: boolean;
  readonly shard: Shard | null;
  readonly revision: Revision | null;
  readonly durations: Durations;
  /** The folder in which the run's own folder is made. */
  readonly results: string;
  readonly name?: string;
  readonly port?: number;
  readonly progress: Progress;
};

type Progress = {
  say(text: string): void;
  /** @param workMs the expected durations of all cells */
  expect(cells: number, workMs: number): void;
  count(result: CellResult, workMs: number): void;
  end(): void;
};

/** What became of a run. */
export type Ended = {
  readonly result: RunResult;
  /** What kept cells from being run, as far as a person can mend it. */
  readonly problem: UserError | undefined;
};

/**
 * One run from the opening of its first engine to the closing of the last: makes the plan, lets the cells
 * happen, keeps each result as it comes.
 *
 * @param show is shown the result while hosts are still being taken away; `folder` is where it lies, and
 *   undefined if there was nothing to keep, or no place for it
 * @throws UserError where nothing could happen at all
 */
export async function session(
  options: SessionOptions,
  interruption: AbortSignal,
  show: (result: RunResult, folder: string | undefined) => Promise<void>,
): Promise<Ended> {
  const { progress } = options;
  const store = await Store.open(options.results, options.name);
  const closings: Promise<void>[] = [];
  try {
    for (const { folder, cells, of } of store.recovered) {
      progress.say(`a run had been killed: ${cells} of its ${of} results are in ${folder}`);
    }
    const course = new Course(options, store, interruption);
    for (const choice of options.choices) await course.runIn(choice, closings);
    progress.end();
    const result = course.result();
    const hasHappened = result.cells.some(({ verdict }) => verdict !== 'not-run');
    if (course.problem && !hasHappened) throw course.problem;
    const isKept = (hasHappened || !result.interrupted) && (await store.finish(result));
    await show(result, isKept ? store.folder : undefined);
    await Promise.all(closings);
    // Only now: the last thing may have failed to be written, or to be taken away.
    return { result, problem: course.problem };
  } finally {
    progress.end();
    await Promise.all(closings);
    await store.discard();
  }
}

/** A run while it goes on. */
class Course {
  readonly #options: SessionOptions;
  readonly #store: Store;
  readonly #signal: AbortSignal;
  readonly #full = new AbortController();
  readonly #began = performance.now();
  readonly #cells: readonly Cell[];
  readonly #results = new Map<Cell, CellResult>();
  readonly #engines: EngineOfRun[] = [];
  readonly #frame: Omit<RunFrame, 'engines' | 'machine'>;
  #problem: UserError | undefined;

  constructor(options: SessionOptions, store: Store, interruption: AbortSignal) {
    this.#options = options;
    this.#store = store;
    this.#signal = AbortSignal.any([interruption, this.#full.signal]);
    const { shard } = options;
    const firstPort = options.port ?? randomPort();
    const all = options.choices.flatMap(({ name }) =>
      plan({ ...options, engine: name, firstPort }),
    );
    const lacking = leftOut(options);
    if (all.length === 0) throw nothingPlanned(lacking);
    this.#cells = shard ? cellsOfShard(all, shard, this.#costOf) : all;
    this.#frame = {
      schema: 1,
      id: store.id,
      startedAt: new Date().toISOString(),
      command: options.command,
      absent: options.absent ?? [],
      leftOut: lacking,
      revision: options.revision,
      shard: shard && { ...shard, plan: planDigest(all), total: all.length },
      merged: null,
      planned: this.#cells.length,
    };
    const workMs = this.#cells.reduce((sum, cell) => sum + this.#costOf(cell), 0);
    options.progress.expect(this.#cells.length, workMs);
  }

  /** What a person must mend, if something kept cells from being run. */
  get problem(): UserError | undefined {
    const { problem } = this.#store;
    if (problem === undefined) return this.#problem;
    return new EnvironmentError(
      `The results cannot be kept in ${this.#options.results}: ${problem}. Make room there, or name another folder: --results FOLDER`,
    );
  }

  /** Lets the cells of an engine happen; its closing is added to `closings`. */
  async runIn(choice: Choice, closings: Promise<void>[]): Promise<void> {
    const cells = this.#cells.filter(({ engine }) => engine === choice.name);
    if (cells.length === 0 || this.#signal.aborted) return;
    const { progress, leaveOut } = this.#options;
    // In the workshop by each run before this.
    const usedBeforeMs = processorTimeMs();
    let engine: Engine;
    try {
      engine = await openEngine(choice.name, {
        runId: this.#store.id,
        capture: !leaveOut.has('packets'),
        progress: progress.say,
      });
    } catch (error) {
      return this.#stopped(error, choice);
    }
    const began = performance.now();
    const stop = () => void engine.close().catch(() => {});
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#begin(choice, engine, usedBeforeMs);
      if (this.#signal.aborted || this.#store.problem !== undefined) return;
      const { stopped } = await this.#run(cells, engine);
      if (stopped) this.#stopped(stopped, choice);
    } catch (error) {
      this.#stopped(error, choice);
    } finally {
      const durationMs = Math.round(performance.now() - began);
      const closing = engine.close().catch((error) => this.#isLeft(error, choice));
      closings.push(closing.finally(() => this.#signal.removeEventListener('abort', stop)));
      // What has ended only then is counted; elsewhere nothing of it would be.
      if (choice.name === 'local') await closing;
      this.#engines.splice(-1, 1, this.#engineOfRun(choice, engine, { durationMs, usedBeforeMs }));
    }
  }

  result(): RunResult {
    const why = this.problem?.message ?? 'interrupted';
    const cells = this.#cells.map(
      (cell) => this.#results.get(cell) ?? emptyResult(cell, 'not-run', why),
    );
    return {
      ...this.#frame,
      engines: this.#engines,
      machine: this.#machine(),
      durationMs: Math.round(performance.now() - this.#began),
      ...conclusionOf(cells, this.#frame.planned, this.#frame.shard !== null),
      interrupted: this.#signal.aborted,
      cells,
    };
  }

  readonly #costOf = (cell: Cell) => expectedMs(this.#options.durations, cell);

  async #run(cells: readonly Cell[], engine: Engine): Promise<RunOutcome> {
    const { jobs, leaveOut, looking, progress } = this.#options;
    return run(cells, engine, {
      jobs: jobs ?? defaultJobs(engine.name, await engine.processors()),
      leaveOut,
      looking: looking ?? Boolean(process.env.LOOK),
      costOf: this.#costOf,
      keepPcap: (cell, pcap) => this.#store.keepPcap(cell, pcap),
      onResult: async (result, cell) => {
        this.#results.set(cell, result);
        await this.#store.keep(result);
        // A full disk ends the run as a person would.
        if (this.#store.problem !== undefined) this.#full.abort();
        progress.count(result, this.#costOf(cell));
      },
      signal: this.#signal,
    });
  }

  /** From now on a killed run can be brought into order by the next one. */
  async #begin(choice: Choice, engine: Engine, usedBeforeMs: number | null): Promise<void> {
    this.#engines.push(this.#engineOfRun(choice, engine, { durationMs: 0, usedBeforeMs }));
    const { machine, engines } = { machine: this.#machine(), engines: this.#engines };
    await this.#store.begin({ ...this.#frame, machine, engines });
  }

  #engineOfRun(
    { name, why }: Choice,
    { title, kernel }: Engine,
    { durationMs, usedBeforeMs }: { durationMs: number; usedBeforeMs: number | null },
  ): EngineOfRun {
    const outputs = [...this.#results].flatMap(([{ engine }, result]) =>
      engine === name ? result.outputs : [],
    );
    const programsMs = Math.round(outputs.reduce((sum, { cpuMs }) => sum + (cpuMs ?? 0), 0));
    const allMs = name === 'local' ? processorTimeSince(usedBeforeMs) : null;
    return { name, title, why, kernel, durationMs, processor: { programsMs, allMs } };
  }

  #machine(): RunResult['machine'] {
    const { kernel } = this.#engines[0] ?? { kernel: release() };
    return { kernel, arch: arch(), cpus: cpus().length };
  }

  /** What cannot be taken away must not keep what was obtained from being shown. */
  #isLeft(error: unknown, { name }: Choice): void {
    this.#problem ??= new EnvironmentError(
      `Something that the run made in the ${name} engine is left (${messageOf(error)}). The next run takes it away: npm run lab hello -- --engine ${name}`,
    );
  }

  /** What one engine lacks must not keep the others from being used. */
  #stopped(error: unknown, { name }: Choice): void {
    if (!(error instanceof UserError)) throw error;
    this.#problem ??= error;
    if (this.#options.choices.length > 1) {
      this.#options.progress.say(`${name} engine: ${error.message}`);
    }
  }
}

function nothingPlanned(lacking: readonly LeftOut[]): UserError {
  const why = lacking.map(({ language, because }) => `${language}: ${because}`).join('; ');
  return new UserError(
    `No language that you named has the programs of these labs (${why}). Name others: --client all`,
  );
}

function randomPort(): number {
  return PORTS.first + Math.floor(Math.random() * (PORTS.last - PORTS.first));
}
