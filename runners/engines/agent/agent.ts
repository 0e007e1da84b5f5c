import type { Readable, Writable } from 'node:stream';
import { DeadlineError, within } from '../../deadline.ts';
import { failureOf, HostError } from './host-error.ts';
import { Lines } from './lines.ts';
import { Program } from './program.ts';

/** The streams that lead to an agent: pipes of a local process, or a container's attached streams. */
export type AgentStreams = { readonly input: Writable; readonly output: Readable };

type Request = {
  readonly lines: string[];
  readonly resolve: (answer: { lines: string[]; status: number }) => void;
  readonly reject: (error: Error) => void;
};

/**
 * The orchestrator's end of `agent.sh`, which see for the protocol. Requests may be sent without waiting
 * for the answer of the one before: the agent carries them out in order.
 */
export class Agent {
  /** The agent's process id in its own process namespace. */
  readonly ready: Promise<number>;
  readonly host: string;
  readonly #streams: AgentStreams;
  readonly #starting: readonly string[];
  readonly #requests = new Map<number, Request>();
  readonly #programs = new Map<string, Program>();
  /** The process ids of those that have not ended. */
  readonly #running = new Map<string, string>();
  readonly #commands = new Set<string>();
  readonly #lines = new Lines();
  readonly #hear = (chunk: Uint8Array) => {
    for (const line of this.#lines.push(chunk)) this.#receive(line);
  };
  readonly #end: () => void;
  #nextId = 1;
  #isUp = false;
  /** The agent of the host before its reboot. */
  #before: Agent | undefined;
  #gone: Error | undefined;
  #isReady: (pid: number) => void = () => {};

  /**
   * @param host its name, for errors
   * @param starting the beginning of the command that starts a program, where the agent itself may do more
   */
  constructor(host: string, streams: AgentStreams, starting: readonly string[] = []) {
    this.host = host;
    this.#streams = streams;
    this.#starting = starting;
    let failed: (error: Error) => void = () => {};
    const ready = new Promise<number>((resolve, reject) => {
      this.#isReady = resolve;
      failed = reject;
    });
    ready.catch(() => {});
    this.ready = within(`the agent of host ${host}`, ready);
    this.ready.catch(() => {});
    this.#end = () => {
      this.#lose(new HostError(`the agent of host ${host} has ended`));
      failed(this.#gone as Error);
    };
    streams.output.on('data', this.#hear);
    streams.input.on('error', this.#end);
    for (const end of ['error', 'close', 'end']) streams.output.on(end, this.#end);
  }

  /**
   * Takes the host away as a power cut does and makes it again, with all its programs lost.
   *
   * @returns the agent of the host that comes back, at the other end of the same streams; this one has ended
   */
  reboot(): Agent {
    const { input, output } = this.#streams;
    const next = new Agent(this.host, this.#streams, this.#starting);
    next.#before = this;
    this.ask('reboot', ...[...this.#running].flat()).catch(() => {});
    output.off('data', this.#hear);
    input.off('error', this.#end);
    for (const end of ['error', 'close', 'end']) output.off(end, this.#end);
    this.#lose(new Error(`host ${this.host} was rebooted`));
    return next;
  }

  /** Starts a program in a folder of the host. Its name must be new on this host. */
  start(name: string, folder: string, command: readonly string[]): Program {
    const program = new Program(name, this.ask.bind(this));
    this.#programs.set(name, program);
    this.ask('start', name, folder, ...this.#starting, ...command).then(({ lines, status }) => {
      if (status !== 0) program.lose(new Error(`${name} could not be started: ${lines.join(' ')}`));
    }, program.lose.bind(program));
    return program;
  }

  /** Runs a command to its end; returns its output. Throws when it fails, with that output. */
  async run(...command: readonly string[]): Promise<string[]> {
    this.#commands.add(command[0] ?? '');
    const { lines, status } = await this.ask('run', ...command);
    if (status === 0) return lines;
    const what = `on host ${this.host}, \`${command.join(' ')}\` failed (${status}): ${lines.join(' ')}`;
    throw failureOf(status, what);
  }

  /** Whether {@link run} was ever asked for a command: what it never did need not be undone. */
  hasRun(command: string): boolean {
    return this.#commands.has(command);
  }

  /**
   * The time on the host, in µs since the epoch: that of its programs, its packets and its kernel. A host may
   * be on another machine, whose clock is not ours.
   */
  async now(): Promise<number> {
    const { lines } = await this.ask('now');
    return Number(lines[0]);
  }

  /**
   * Sends one request; resolves with the answer's lines and status.
   *
   * @throws HostError where the agent has ended, or does not answer in time
   */
  async ask(
    verb: string,
    ...words: readonly string[]
  ): Promise<{ lines: string[]; status: number }> {
    if (this.#gone) throw this.#gone;
    const id = this.#nextId++;
    const answer = new Promise<{ lines: string[]; status: number }>((resolve, reject) => {
      this.#requests.set(id, { lines: [], resolve, reject });
      this.#streams.input.write(`${[String(id), verb, ...words].map(quote).join(' ')}\n`);
    });
    try {
      return await within(`the answer of host ${this.host} to "${verb}"`, answer);
    } catch (error) {
      if (error instanceof DeadlineError) throw new HostError(error.message);
      throw error;
    }
  }

  #receive(line: string): void {
    const [kind, key = '', ...words] = line.split(' ');
    const text = words.join(' ');
    if (kind === 'ready') {
      this.#isUp = true;
      this.#before = undefined;
      this.#isReady(Number(key));
    } else if (!this.#isUp) {
      // A line of the host before its reboot; of its programs only what they have used is still of interest.
      if (kind === 'p' && words[0] === 'times' && this.#before) this.#before.#receive(line);
    } else if (kind === '=') this.#requests.get(Number(key))?.lines.push(text);
    else if (kind === '.') this.#complete(Number(key), Number(text));
    else if (kind === 'p') {
      const [event = '', ...rest] = words;
      if (event === 'pid') this.#running.set(key, rest.join(' '));
      else if (event === 'exit') this.#forget(key);
      this.#programs.get(key)?.receive(event, rest.join(' '));
    }
  }

  /** The agent keeps a program's input open until it is told: of some thousand it would have no descriptor left. */
  #forget(program: string): void {
    this.#running.delete(program);
    // What it never started may be any text. Nobody waits for the answer.
    if (!this.#programs.has(program)) return;
    this.#streams.input.write(`0 end_input ${quote(program)}\n`);
  }

  #complete(id: number, status: number): void {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    request?.resolve({ lines: request.lines, status });
  }

  #lose(error: Error): void {
    this.#gone ??= error;
    for (const request of this.#requests.values()) request.reject(this.#gone);
    this.#requests.clear();
    for (const program of this.#programs.values()) program.lose(this.#gone);
  }
}

/** Quotes a word for the shell. Line ends would end the request, so they are refused. */
function quote(word: string): string {
  if (/[\n\0]/.test(word))
    throw new Error(`a word for the agent has a line end: ${JSON.stringify(word)}`);
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
