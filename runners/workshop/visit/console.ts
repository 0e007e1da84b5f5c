import { progressLine } from '../../reports/terminal/progress.ts';
import { type Screen, screenOf } from '../../reports/terminal/text.ts';
import { HELP, helpOf, type Key, promptOf, QUIT } from './key.ts';
import { Keys } from './keys.ts';
import { hang, letter, say } from './screens.ts';

/** The answer of who wants to leave: `q`, Ctrl-D, the end of the terminal, an interruption. */
export type Quit = 'quit';

export type Question<K extends string, E extends string> = {
  readonly keys: readonly Key<K>[];
  /** What may come before a key. */
  readonly event?: Promise<E>;
  /** The question, for who asks for help. */
  readonly again?: readonly string[];
};

/** A terminal with a person at it: shows lines, and asks for keys. Nothing else knows of the terminal. */
export class Console {
  readonly #keys: Pick<Keys, 'one' | 'forget' | 'close' | 'isGone'>;
  readonly #out: NodeJS.WriteStream;
  readonly #interruption: AbortSignal;
  readonly #interrupted: Promise<Quit>;
  /** One line for what takes long; it goes away. */
  readonly progress: ReturnType<typeof progressLine>;

  constructor(
    keys: Pick<Keys, 'one' | 'forget' | 'close' | 'isGone'>,
    out: NodeJS.WriteStream,
    interruption: AbortSignal,
  ) {
    this.#keys = keys;
    this.#out = out;
    this.#interruption = interruption;
    this.progress = progressLine(out);
    this.#interrupted = new Promise((resolve) => {
      if (interruption.aborted) resolve('quit');
      interruption.addEventListener('abort', () => resolve('quit'), { once: true });
    });
  }

  /** The terminal of this process. Ctrl-C there ends it as everywhere, twice at once. */
  static ofProcess(interruption: AbortSignal): Console {
    const interrupt = () => process.kill(process.pid, 'SIGINT');
    return new Console(new Keys(process.stdin, interrupt), process.stdout, interruption);
  }

  /** As wide as the terminal is now. */
  get screen(): Screen {
    const { columns = 80 } = this.#out;
    return { ...screenOf(this.#out), columns: columns > 0 ? columns : 80 };
  }

  /** Whether somebody wants an end at once, or nobody is there any more. */
  get interrupted(): boolean {
    return this.#interruption.aborted || this.#keys.isGone;
  }

  tell(...lines: readonly string[]): void {
    this.#out.write(`${lines.join('\n')}\n`);
  }

  /** Paragraphs, as wide as the terminal. */
  say(...texts: readonly string[]): void {
    this.tell(...texts.flatMap((text) => (text === '' ? [''] : say(text, this.screen))));
  }

  /** Waits for something that takes long; keys that were pressed meanwhile answer no later question. */
  async during<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      this.progress.end();
      this.#keys.forget();
    }
  }

  /** Asks for one of these keys. `q` and `?` are always among them. */
  async ask<K extends string, E extends string = never>(
    question: Question<K, E>,
  ): Promise<K | E | Quit> {
    // Without letters no number comes.
    return (await this.choose(0, question)) as K | E | Quit;
  }

  /** Asks for a letter from `a` on, whose place is the answer, or for one of these keys. */
  async choose<K extends string, E extends string = never>(
    letters: number,
    { keys, event, again = [] }: Question<K, E>,
  ): Promise<number | K | E | Quit> {
    const all: readonly Key[] = [...keys, QUIT, HELP];
    const places = Array.from({ length: letters }, (_, place) => letter(place)).join('');
    for (;;) {
      this.#out.write(`\n${promptOf(letters, all, this.screen.columns)} `);
      const key = await this.#one(`${places}${all.map((one) => one.key).join('')}`, event);
      this.#out.write(`${key.length === 1 && key >= ' ' ? key : ''}\n`);
      if (key === HELP.key) {
        this.tell('', ...(again.length > 0 ? [...again, ''] : []), ...this.#help(letters, all));
      } else if (key === QUIT.key) return 'quit';
      else if (key.length === 1 && places.includes(key)) return places.indexOf(key);
      else return key as K | E | Quit;
    }
  }

  /** Asks for some of these characters and Enter. */
  async line(prompt: string, characters: string, most: number): Promise<string | Quit> {
    this.#out.write(`\n${say(prompt, this.screen).join('\n')} `);
    for (let typed = ''; ; ) {
      const key = await this.#one(`${characters}${BACKSPACE}\n`);
      if (key === '\n' || key === 'quit') {
        this.#out.write('\n');
        return key === '\n' ? typed : key;
      }
      if (!BACKSPACE.includes(key)) {
        if (typed.length === most) continue;
        typed += key;
        this.#out.write(key);
      } else if (typed !== '') {
        typed = typed.slice(0, -1);
        this.#out.write('\b \b');
      }
    }
  }

  /** Gives the terminal back. */
  close(): void {
    this.#keys.close();
  }

  async #one<E extends string>(wanted: string, event?: Promise<E>): Promise<string> {
    const given: Promise<Quit | E> = Promise.race([this.#interrupted, ...(event ? [event] : [])]);
    const key = await this.#keys.one(wanted, given);
    return key === Keys.end || this.interrupted ? 'quit' : key;
  }

  #help(letters: number, keys: readonly Key[]): string[] {
    return helpOf(letters, keys).flatMap(([key, does]) =>
      hang(`  ${key.padEnd(7)}`, does, this.screen),
    );
  }
}

/** What terminals send for it. */
const BACKSPACE = '\u007f\b';
