import { arch, cpus } from 'node:os';
import type { LeaveOut } from './cell/leave-out.ts';
import { type Choice, openEngine } from './engines/choose.ts';
import { type PlanOptions, PORTS, plan } from './plan.ts';
import { processorTimeMs } from './processor-time.ts';
import { type CellResult, type RunResult, verdictOf } from './results/result.ts';
import { Store } from './results/store.ts';
import { run } from './run.ts';

export type SessionOptions = Omit<PlanOptions, 'engine' | 'firstPort'> & {
  readonly choice: Choice;
  /** The command that repeats the run. */
  readonly command: string;
  readonly jobs: number;
  readonly leaveOut: LeaveOut;
  /** Whether the labs' looks are taken: what commands show at moments that they name. */
  readonly looking?: boolean;
  /** The folder in which the run's own folder is made. */
  readonly results: string;
  readonly name?: string;
  readonly port?: number;
  readonly progress: {
    say(text: string): void;
    expect(cells: number): void;
    count(result: CellResult): void;
    end(): void;
  };
};

/**
 * One run from the opening of its engine to the closing: makes the plan, lets the cells happen, keeps the
 * result.
 *
 * @param show is shown the result while hosts are still being taken away; `folder` is where it lies, and
 *   undefined if there was nothing to keep
 */
export async function session(
  options: SessionOptions,
  interruption: AbortSignal,
  show: (result: RunResult, folder: string | undefined) => Promise<void>,
): Promise<RunResult> {
  const { choice, progress, leaveOut } = options;
  const store = await Store.open(options.results, options.name);
  try {
    const engine = await openEngine(choice.name, {
      runId: store.id,
      capture: !leaveOut.has('packets'),
      progress: progress.say,
    });
    const stop = () => void engine.close().catch(() => {});
    interruption.addEventListener('abort', stop, { once: true });
    try {
      interruption.throwIfAborted();
      const startedAt = new Date().toISOString();
      const began = performance.now();
      const cells = plan({
        ...options,
        engine: choice.name,
        firstPort: options.port ?? randomPort(),
      });
      progress.expect(cells.length);
      const results = await run(cells, engine, {
        jobs: options.jobs,
        leaveOut,
        looking: options.looking ?? Boolean(process.env.LOOK),
        keepPcap: (cell, pcap) => store.keepPcap(cell, pcap),
        onResult: progress.count,
        signal: interruption,
      });
      progress.end();
      const durationMs = Math.round(performance.now() - began);
      // What has ended only then is counted; elsewhere nothing of it would be.
      if (choice.name === 'local') await engine.close();
      const result: RunResult = {
        schema: 1,
        id: store.id,
        startedAt,
        durationMs,
        command: options.command,
        engine: { ...choice, title: engine.title },
        machine: { kernel: engine.kernel, arch: arch(), cpus: cpus().length },
        verdict: verdictOf(results),
        interrupted: interruption.aborted,
        cells: results,
        processor: {
          programsMs: Math.round(programsMs(results)),
          allMs: choice.name === 'local' ? processorTimeMs() : null,
        },
      };
      const hasHappened = results.some(({ verdict }) => verdict !== 'not-run');
      const isKept = hasHappened || !interruption.aborted;
      if (isKept) await store.finish(result);
      await show(result, isKept ? store.folder : undefined);
      return result;
    } finally {
      interruption.removeEventListener('abort', stop);
      progress.end();
      await engine.close();
    }
  } finally {
    await store.discard();
  }
}

function programsMs(cells: readonly CellResult[]): number {
  const times = cells.flatMap(({ outputs }) => outputs.map(({ cpuMs }) => cpuMs ?? 0));
  return times.reduce((sum, time) => sum + time, 0);
}

function randomPort(): number {
  return PORTS.first + Math.floor(Math.random() * (PORTS.last - PORTS.first));
}
