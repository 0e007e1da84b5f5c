/** What keys without a letter send, all at once: Escape, an arrow (`ESC [ A`), F1 (`ESC O P`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const SEQUENCE = /\u001b(?:\[\[?[\d;]*[@-~]|O?[@-~])?/g;

/** A key, or what was given before one was pressed. */
type Came<T> = { readonly key: string } | { readonly given: T };

/** Keys of a person at a terminal, one at a time, without Enter. */
export class Keys {
  readonly #stream: NodeJS.ReadStream;
  #waiting: ((key: string) => void) | undefined;
  readonly #pressed: string[] = [];
  readonly #listen = (chunk: string) => {
    for (const key of chunk.replaceAll(SEQUENCE, '')) this.#came(key);
  };

  constructor(stream: NodeJS.ReadStream) {
    this.#stream = stream;
    stream.setRawMode(true);
    stream.setEncoding('utf8');
    stream.on('data', this.#listen);
    // The terminal was closed.
    stream.once('end', () => this.#came(Keys.end));
  }

  /** Ctrl-D, or the end of the terminal. */
  static readonly end = '\u0004';
  /** In raw mode the terminal makes no signal of it. */
  static readonly interrupt = '\u0003';

  /** Waits for one of these keys; the end and Ctrl-C always count. `given` may give another answer before. */
  async one<T = never>(wanted: string, given?: Promise<T>): Promise<string | T> {
    for (;;) {
      const came = await this.#next(given);
      if ('given' in came) return came.given;
      const { key } = came;
      if (key === Keys.end || key === Keys.interrupt) return key;
      const plain = key === '\r' || key === '\n' ? '\n' : key.toLowerCase();
      if (wanted.includes(plain)) return plain;
    }
  }

  /** Gives the terminal back to whoever reads lines. */
  close(): void {
    this.#stream.off('data', this.#listen);
    this.#stream.setRawMode(false);
    this.#stream.pause();
  }

  #next<T>(given: Promise<T> | undefined): Promise<Came<T>> {
    const key = this.#pressed.shift();
    if (key !== undefined) return Promise.resolve({ key });
    return new Promise((resolve, reject) => {
      const take = (key: string) => resolve({ key });
      // A key that comes later is for the next question.
      const stop = () => {
        if (this.#waiting === take) this.#waiting = undefined;
      };
      this.#waiting = take;
      given?.finally(stop).then((given) => resolve({ given }), reject);
    });
  }

  #came(key: string): void {
    if (this.#waiting) this.#waiting(key);
    else this.#pressed.push(key);
    this.#waiting = undefined;
  }
}
