import type { Readable, Writable } from 'node:stream';
import { within } from '../deadline.ts';
import { Lines } from './agent/lines.ts';
import type { Unavailable } from './unavailable.ts';

/** The orchestrator's end of `tracer.sh`: lines of the kernel's trace, as the kernel wrote them. */
export class Tracer {
  readonly #input: Writable;
  readonly #lines: string[] = [];
  readonly #marks = new Map<string, () => void>();
  #lose: (error: Error) => void = () => {};
  readonly #lost = new Promise<never>((_, reject) => {
    this.#lose = reject;
  });
  readonly #ended: Promise<void>;

  private constructor(input: Writable, ended: Promise<void>) {
    this.#input = input;
    this.#ended = ended;
    this.#lost.catch(() => {});
    input.on('error', () => {});
  }

  /** Resolves when the tracepoints are followed, or with the reason why they cannot be. */
  static open(
    input: Writable,
    output: Readable,
    ended: Promise<void>,
  ): Promise<Tracer | Unavailable> {
    const tracer = new Tracer(input, ended);
    const lines = new Lines();
    const opened = new Promise<Tracer | Unavailable>((resolve) => {
      output.on('data', (chunk: Uint8Array) => {
        for (const line of lines.push(chunk)) {
          if (line === 'ready') resolve(tracer);
          else if (line.startsWith('unavailable ')) resolve({ unavailable: line.slice(12) });
          else tracer.#receive(line);
        }
      });
      output.on('close', () => {
        tracer.#lose(new Error('the tracer of the kernel has ended'));
        resolve({ unavailable: 'the tracer of the kernel could not be started' });
      });
    });
    return within('the tracer of the kernel', opened);
  }

  /** How many lines have come: where a reader that begins now will begin. */
  get position(): number {
    return this.#lines.length;
  }

  /** The lines from a position up to now; complete, since the mark comes after them. */
  async since(position: number, mark: string): Promise<readonly string[]> {
    const seen = new Promise<void>((resolve) => this.#marks.set(mark, resolve));
    this.#input.write(`${mark}\n`);
    await within('the mark in the kernel trace', Promise.race([seen, this.#lost]));
    this.#marks.delete(mark);
    return this.#lines.slice(position);
  }

  /** Ends the tracer and waits until it has removed its trace instance. */
  async close(): Promise<void> {
    this.#input.end();
    await within('the removal of the trace instance', this.#ended);
  }

  #receive(line: string): void {
    const mark = /tracing_mark_write: (.*)$/.exec(line)?.[1];
    if (mark !== undefined) this.#marks.get(mark)?.();
    else if (line.includes('_reset: ')) this.#lines.push(line);
  }
}
