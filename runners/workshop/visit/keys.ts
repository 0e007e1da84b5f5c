/** What keys without a letter send, all at once: Escape, an arrow (`ESC [ A`), F1 (`ESC O P`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const SEQUENCE = /\u001b(?:\[\[?[\d;]*[@-~]|O?[@-~])?/g;

/** Ctrl-C: in raw mode the terminal makes no signal of it. */
const INTERRUPT = '\u0003';

/** A key, or what was given before one was pressed. */
type Came<T> = { readonly key: string } | { readonly given: T };

/** Keys of a person at a terminal, one at a time, without Enter. */
export class Keys {
  readonly #stream: NodeJS.ReadStream;
  #waiting: ((key: string) => void) | undefined;
  readonly #pressed: string[] = [];
  readonly #listen = (chunk: string) => {
    for (const key of chunk.replaceAll(SEQUENCE, '')) {
      if (key === INTERRUPT) this.#interrupt();
      else this.#came(key);
    }
  };
  readonly #interrupt: () => void;
  #isGone = false;

  /** @param interrupt is called for Ctrl-C at once, whether a key is waited for or not */
  constructor(stream: NodeJS.ReadStream, interrupt: () => void) {
    this.#stream = stream;
    this.#interrupt = interrupt;
    stream.setRawMode(true);
    stream.setEncoding('utf8');
    stream.on('data', this.#listen);
    // The terminal was closed. To read from it may then be an error, and to give it back, too.
    for (const event of ['end', 'error']) {
      stream.on(event, () => {
        this.#isGone = true;
        this.#came(Keys.end);
      });
    }
  }

  /** Ctrl-D, or the end of the terminal. */
  static readonly end = '\u0004';

  /** Whether the terminal was closed. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Waits for one of these keys; the end always counts. `given` may give another answer before. */
  async one<T = never>(wanted: string, given?: Promise<T>): Promise<string | T> {
    for (;;) {
      const came = await this.#next(given);
      if ('given' in came) return came.given;
      const { key } = came;
      if (key === Keys.end) return key;
      const plain = key === '\r' || key === '\n' ? '\n' : key.toLowerCase();
      if (wanted.includes(plain)) return plain;
    }
  }

  /** Forgets what was typed ahead, but not the end. */
  forget(): void {
    const isEnd = this.#pressed.includes(Keys.end);
    this.#pressed.splice(0, this.#pressed.length, ...(isEnd ? [Keys.end] : []));
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
