import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { type FSWatcher, readFileSync, watch, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { commandOf } from '../../runners/catalog/lacks.ts';
import type { ProgramName } from '../../runners/catalog/programs.ts';
import type { StepName } from '../../runners/evidence/steps.ts';
import type { Found } from './_languages.ts';
import { readReport, type Step } from './_report.ts';

export const DEADLINE = 10_000;

// On Linux the kernel ends a program with the test that started it, whatever ends the test.
const LEASH = ['setpriv', '--pdeathsig', 'KILL'];
const leash = spawnSync('setpriv', [...LEASH.slice(1), 'true']).status === 0 ? LEASH : [];

/** Microseconds since 1970, as in a report. */
export const now = () => Date.now() * 1000;

export type Result = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly steps: readonly Step[];
};

/** A running program of a language. It ends with the test at the latest. */
export class Program {
  readonly title: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #since = now();
  readonly #report: string | undefined;
  readonly #watcher: FSWatcher | undefined;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #stdout = '';
  #stderr = '';
  ended = false;

  /** Without `report`, the file for its steps, the program reports nothing. */
  constructor(language: Found, program: ProgramName, args: readonly unknown[], report?: string) {
    this.title = `${language.name} ${program} ${args.join(' ')}`.trim();
    this.#report = report;
    const { LAB_STEPS: _, ...env } = process.env;
    if (report !== undefined) {
      writeFileSync(report, '', { flag: 'a' });
      this.#watcher = watch(report, () => this.#changes.emit('change'));
      env.LAB_STEPS = report;
    }
    const [command = '', ...words] = [
      ...leash,
      ...commandOf(language, program),
      ...args.map(String),
    ];
    this.#child = spawn(command, words, { cwd: language.folder, env });
    // A program that has ended reads no more: that is its right.
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.setEncoding('utf8').on('data', (text) => {
      this.#stdout += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr += text;
    });
    this.#child.on('error', (error) => {
      this.#stderr += error.message;
    });
    this.#child.on('close', () => {
      this.ended = true;
      this.#watcher?.close();
      this.#changes.emit('change');
    });
  }

  /** Waits until the program has reported that a step began, or ended, for the given time. */
  async step(name: StepName, end: Step['end'], times = 1): Promise<void> {
    await this.#until(
      () => this.#lines().filter((line) => line.startsWith(`${name}\t${end}`)).length >= times,
      `step "${name} ${end}"${times > 1 ? `, time ${times}` : ''}`,
    );
  }

  /** Presses Enter. */
  enter(): void {
    this.#child.stdin.write('\n');
  }

  /** Ends the standard input. */
  endInput(): void {
    this.#child.stdin.end();
  }

  /** Waits for the end of the program, and checks its report. */
  async end(): Promise<Result> {
    await this.#until(() => this.ended, 'its end');
    return {
      status: this.#child.exitCode,
      stdout: this.#stdout,
      stderr: this.#stderr,
      steps: this.#report === undefined ? [] : readReport(this.#text(), this.#since, now()),
    };
  }

  /** The process that runs the program: the leash has become it. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.title} did not start`);
    return this.#child.pid;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  kill(): void {
    this.#watcher?.close();
    this.#child.kill('SIGKILL');
  }

  #text(): string {
    return this.#report === undefined ? '' : readFileSync(this.#report, 'utf8');
  }

  /** The whole lines of the report, without the time. */
  #lines(): string[] {
    const whole = this.#text().split('\n').slice(0, -1);
    return whole.map((line) => line.slice(line.indexOf('\t') + 1));
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    const signal = AbortSignal.timeout(DEADLINE);
    while (!isSo()) {
      const lost = this.ended ? 'it has ended' : signal.aborted ? `${DEADLINE / 1000} s` : '';
      if (lost !== '') {
        const seen = [...this.#lines(), this.#stdout, this.#stderr].join('\n');
        throw new Error(`${this.title}: ${what} did not come (${lost}). It said:\n${seen}`);
      }
      await once(this.#changes, 'change', { signal }).catch(() => {});
    }
  }
}

let reports = 0;

/** Starts a program that reports to a file of its own in the folder. */
export function start(
  t: ExecutionContext,
  folder: string,
  language: Found,
  program: ProgramName,
  ...args: unknown[]
): Program {
  reports += 1;
  const started = new Program(language, program, args, join(folder, `${reports}.steps`));
  t.teardown(() => started.kill());
  return started;
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** The port of a server of the test's own, once it listens. */
export async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return address.port;
}
