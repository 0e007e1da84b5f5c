import { EventEmitter } from 'node:events';

/** Sends one request to the agent of the program's host, see `Agent.ask`. */
export type Ask = (
  verb: string,
  ...words: readonly string[]
) => Promise<{ lines: string[]; status: number }>;

/**
 * One running program of a host. Its steps arrive as raw lines (`docs/programs.md`): what they say is not
 * the engine's concern. Emits `line` for each step line and `end` once.
 */
export class Program extends EventEmitter<{ line: [string]; end: [] }> {
  readonly name: string;
  /** All step lines so far. */
  readonly lines: string[] = [];
  /** Resolves with the exit status as a shell tells it: 128 + the signal's number if a signal ended it. */
  readonly exited: Promise<number>;
  status: number | undefined;
  /** The processor time that it and its children have used, in milliseconds; known when it has ended. */
  cpuMs: number | undefined;
  /** Its host is gone, and it with it. */
  isLost = false;
  readonly #ask: Ask;
  /** Its process id in the agent's process namespace. */
  readonly pid: Promise<number>;
  #hasPid: (pid: number) => void = () => {};
  #hasExited: (status: number) => void = () => {};
  #isLost: (error: Error) => void = () => {};

  constructor(name: string, ask: Ask) {
    super();
    this.name = name;
    this.#ask = ask;
    const lost = new Promise<never>((_, reject) => {
      this.#isLost = reject;
    });
    this.pid = Promise.race([lost, new Promise<number>((resolve) => (this.#hasPid = resolve))]);
    this.exited = Promise.race([
      lost,
      new Promise<number>((resolve) => (this.#hasExited = resolve)),
    ]);
    for (const promise of [lost, this.pid, this.exited]) promise.catch(() => {});
  }

  /** Sends a signal, `KILL` say. Not an error if the program has ended. */
  async signal(name: string): Promise<void> {
    if (this.status === undefined) await this.#ask('signal', String(await this.pid), name);
  }

  /** Ends it and all that it has started and left, by SIGKILL to its process group. Not an error if they have ended. */
  async endAll(): Promise<void> {
    await this.#ask('signal', `-${await this.pid}`, 'KILL');
  }

  /** Writes one line to the program's standard input. */
  async input(text: string): Promise<void> {
    await this.#ask('input', this.name, text);
  }

  /** Ends the program's standard input. */
  async endInput(): Promise<void> {
    await this.#ask('end_input', this.name);
  }

  /** What the program has printed so far: at most 200 lines of each stream. */
  async output(): Promise<{ out: string[]; err: string[] }> {
    const [out, err] = await Promise.all([
      this.#ask('output', this.name, 'out'),
      this.#ask('output', this.name, 'err'),
    ]);
    return { out: out.lines, err: err.lines };
  }

  /** Called by the agent for each event of this program. */
  receive(event: string, text: string): void {
    if (event === 'pid') this.#hasPid(Number(text));
    else if (event === 'step') {
      this.lines.push(text);
      this.emit('line', text);
    } else if (event === 'times') {
      this.cpuMs = Number(text);
    } else if (event === 'exit') {
      this.status = Number(text);
      this.#hasExited(this.status);
      this.emit('end');
    }
  }

  /** Called by the agent when the program can no longer be reached. */
  lose(error: Error): void {
    if (this.status !== undefined) return;
    this.isLost = true;
    this.#isLost(error);
    this.emit('end');
  }
}
