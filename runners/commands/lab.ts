import { cpus, machine } from 'node:os';
import { relative } from 'node:path';
import { labFolders, loadLabs, loadLanguages } from '../catalog/load.ts';
import type { LeaveOut } from '../cell/leave-out.ts';
import { type Choice, chooseEngine, type EngineChoice, openEngine } from '../engines/choose.ts';
import { ROOT } from '../paths.ts';
import { type NamedLab, PORTS, plan } from '../plan.ts';
import { footer } from '../reports/terminal/footer.ts';
import { labReport } from '../reports/terminal/lab-report.ts';
import { progressLine } from '../reports/terminal/progress.ts';
import { screenOf } from '../reports/terminal/text.ts';
import { type CellResult, type RunResult, verdictOf } from '../results/result.ts';
import { Store } from '../results/store.ts';
import { run } from '../run.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';

export type LabOptions = {
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly engine: EngineChoice;
  readonly repeat: number;
  readonly jobs: number;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly results: string;
  readonly name?: string;
  readonly port?: number;
  readonly labs?: string;
  readonly without: LeaveOut;
};

/** Runs labs; see `npm run lab -- --help`. */
export async function labCommand(
  names: readonly string[],
  options: LabOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const [labs, clients, servers] = await Promise.all([
    loadLabs(names, options.labs),
    loadLanguages(options.client, '--client'),
    loadLanguages(options.server, '--server'),
  ]);
  const choice = await chooseEngine(options.engine);
  const store = await Store.open(options.results, options.name);
  try {
    const progress = progressLine(process.stderr);
    const engine = await openEngine(choice.name, {
      runId: store.id.slice(-40),
      capture: !options.without.has('packets'),
      progress: progress.say,
    });
    const stop = () => void engine.close().catch(() => {});
    interruption.addEventListener('abort', stop, { once: true });
    try {
      interruption.throwIfAborted();
      const startedAt = new Date();
      const began = performance.now();
      const random = PORTS.first + Math.floor(Math.random() * (PORTS.last - PORTS.first));
      const cells = plan({
        ...{ labs, clients, servers, engine: choice.name, repeat: options.repeat },
        firstPort: options.port ?? random,
      });
      progress.expect(cells.length);
      const results = await run(cells, engine, {
        jobs: options.jobs,
        leaveOut: options.without,
        keepPcap: (cell, pcap) => store.keepPcap(cell, pcap),
        onResult: progress.count,
        signal: interruption,
      });
      progress.end();
      const result = runResult(store.id, results, {
        startedAt,
        durationMs: Math.round(performance.now() - began),
        engine: { ...choice, title: engine.title },
        kernel: engine.kernel,
        interrupted: interruption.aborted,
      });
      if (results.some(({ verdict }) => verdict !== 'not-run') || !interruption.aborted) {
        await store.finish(result);
      }
      await report(result, labs, choice, options, store.folder);
      return interruption.aborted ? EXIT.interrupted : exitStatus(result);
    } finally {
      interruption.removeEventListener('abort', stop);
      progress.end();
      await engine.close();
    }
  } finally {
    await store.discard();
  }
}

function runResult(
  id: string,
  cells: readonly CellResult[],
  run: Pick<RunResult, 'durationMs' | 'engine' | 'interrupted'> & {
    startedAt: Date;
    kernel: string;
  },
): RunResult {
  const { startedAt, kernel, ...rest } = run;
  return {
    schema: 1,
    id,
    startedAt: startedAt.toISOString(),
    ...rest,
    command: [`npm run ${process.argv[2] ?? 'lab'} --`, ...process.argv.slice(3)].join(' '),
    machine: { kernel, arch: machine(), cpus: cpus().length },
    verdict: verdictOf(cells),
    cells,
  };
}

function exitStatus({ verdict }: RunResult): ExitStatus {
  return verdict === 'pass' ? EXIT.pass : verdict === 'fail' ? EXIT.fail : EXIT.unknown;
}

async function report(
  result: RunResult,
  labs: readonly NamedLab[],
  choice: Choice,
  options: LabOptions,
  folder: string,
): Promise<void> {
  if (options.json) {
    await write(process.stdout, `${JSON.stringify(result)}\n`);
    return;
  }
  const screen = screenOf(process.stdout);
  const lines = [`engine: ${choice.name} (${choice.why})`];
  for (const { name } of labs) {
    const cells = result.cells.filter(({ lab }) => lab === name);
    const showTimeline = labs.length === 1 || options.verbose;
    const context = { showTimeline, verbose: options.verbose };
    lines.push(
      '',
      ...labReport(cells, screen, {
        ...context,
        engineTitle: result.engine.title,
        kernel: result.machine.kernel,
      }),
    );
  }
  const next = await nextLab(labs, options.labs);
  const shown = relative(ROOT, folder).startsWith('..') ? folder : 'results/latest';
  lines.push(...footer(result, screen, { folder: shown, next }));
  await write(process.stdout, `${lines.join('\n')}\n`);
}

async function nextLab(labs: readonly NamedLab[], folder?: string): Promise<string | undefined> {
  const last = labs.at(-1);
  const next = (await labFolders(folder)).find(({ number }) => last && number > last.number);
  return next && `npm run lab ${next.name}`;
}

/** Waits until all is written: a pipe may be slower than we are. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}
