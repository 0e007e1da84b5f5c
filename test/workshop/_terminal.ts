import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { ExecutionContext } from 'ava';
import { processesWith } from '../../runners/chaos/leftovers.ts';
import { allProcesses, type Process } from '../../runners/chaos/processes.ts';
import { until } from '../../runners/deadline.ts';
import { ROOT } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';

export const ENTER = '\r';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

type Options = {
  /** The participant's folder. */
  readonly workshop: string;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
};

/** Labs and checks on a busy machine. */
const DEADLINE_MS = 90_000;

/**
 * The workshop in a terminal of its own: a pseudo-terminal by `script`, which every Debian has. When it has ended, the
 * terminal tells its status and its settings.
 */
export class Terminal {
  readonly #script: ChildProcess;
  readonly #mark = randomBytes(4).toString('hex');
  readonly #columns: number;
  /** The file in which the status is, also where the terminal is gone. */
  readonly #status: string;
  #output = '';
  #program: Process | undefined;
  /** How much of it was looked at. */
  #seen = 0;

  constructor(t: ExecutionContext, { workshop, columns = 80, env = {} }: Options) {
    this.#columns = columns;
    this.#status = join(folderWith(t), 'status');
    const command = [
      // Who waits for the end outlives the terminal; the shell around does not, so that all else gets SIGHUP.
      `stty sane rows ${ROWS} cols ${columns}; (trap '' HUP`,
      `"${process.execPath}" --import tsx runners/cli.ts workshop --engine local`,
      `status=$?; echo $status >"${this.#status}"`,
      'echo "ended with status $status."; stty -a; echo "no more."); true',
    ].join('; ');
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
    this.#script = spawn('script', ['-qfc', command, '/dev/null'], {
      cwd: ROOT,
      env: {
        ...inherited,
        ...{ SHELL: '/bin/sh', TERM: 'xterm', RESET_LABS_WORKSHOP: workshop },
        ...{ RESET_LABS_TEST: this.#mark },
        ...env,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#script.stdin?.on('error', () => {});
    this.#script.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
    t.teardown(() => this.hangUp());
  }

  /** Waits for a text behind all that was waited for; returns what was shown up to its end. */
  async shows(text: string | RegExp): Promise<string> {
    return await until(
      `${text} on the screen`,
      async () => {
        const plain = this.#plain();
        const rest = plain.slice(this.#seen);
        const at = typeof text === 'string' ? rest.indexOf(text) : rest.search(text);
        if (at < 0) return undefined;
        const length = typeof text === 'string' ? text.length : (rest.match(text)?.[0].length ?? 0);
        this.#seen += at + length;
        return rest.slice(0, at + length);
      },
      { deadlineMs: DEADLINE_MS, instead: async () => `\n${this.screen().join('\n')}\n` },
    );
  }

  /** Waits for a text, and for the question behind it; then presses keys. */
  async answer(text: string | RegExp, keys: string): Promise<string> {
    const before = await this.shows(text);
    const shown = before + (await this.shows('? help '));
    this.press(keys);
    return shown;
  }

  press(keys: string): void {
    this.#script.stdin?.write(keys);
  }

  /** All that was written, codes too. */
  get raw(): string {
    return this.#output;
  }

  /** What stands on the screen: the last lines, as the terminal breaks them. */
  screen(): string[] {
    const lines = this.#plain().split('\n');
    return lines
      .flatMap((line) => line.match(new RegExp(`.{1,${this.#columns}}`, 'g')) ?? [''])
      .slice(-ROWS);
  }

  /** The status with which the workshop has ended, and whether the terminal is as it was: `echo`, `icanon`. */
  async ended(): Promise<{ status: number; settings: readonly string[] }> {
    const status = /ended with status (\d+)\.\n([\s\S]*)no more\./;
    await this.shows(status);
    const [, code, settings = ''] = status.exec(this.#plain()) ?? [];
    return { status: Number(code), settings: settings.split(/[\s;]+/) };
  }

  /** Waits until a program runs in one of its hosts. */
  async runs(command: string): Promise<void> {
    this.#program = await until(
      `a program "${command}"`,
      async () => this.#descendants().find((one) => one.command.includes(command)),
      {
        deadlineMs: DEADLINE_MS,
        instead: async () =>
          this.#descendants()
            .map((one) => one.command)
            .join('\n'),
      },
    );
  }

  /** The terminal is gone, as when its window is closed: all that runs in it gets SIGHUP. */
  hangUp(): void {
    this.#script.kill('SIGKILL');
  }

  /** The status with which the workshop ended, when nothing is left of it. */
  async statusWithout(): Promise<number> {
    await this.isEmpty();
    return Number(readFileSync(this.#status, 'utf8'));
  }

  /** Waits until nothing that was begun in it is left: no process, and so no namespace. */
  async isEmpty(): Promise<void> {
    const left = () => [
      ...processesWith(this.#mark),
      // The programs of hosts have not inherited the mark.
      ...allProcesses().flatMap(({ pid, command }) =>
        pid === this.#program?.pid && command === this.#program.command ? command : [],
      ),
    ];
    await until(
      'the end of all that was begun in the terminal',
      async () => (left().length === 0 ? true : undefined),
      { deadlineMs: DEADLINE_MS, instead: async () => left().join('; ') },
    );
  }

  #descendants(): Process[] {
    const all = allProcesses();
    const children = (parent: number): Process[] =>
      all.filter((one) => one.parent === parent).flatMap((one) => [one, ...children(one.pid)]);
    return children(this.#script.pid ?? 0);
  }

  #plain(): string {
    return stripVTControlCharacters(this.#output.replaceAll('\r\n', '\n'));
  }
}

const ROWS = 24;
