import { saved } from '../own/saved.ts';

/** Tells of each change of a file; what changes while one is dealt with is told after it. */
export class Watch {
  readonly #path: string;
  #watching = new AbortController();
  #change: Promise<'saved'>;

  constructor(path: string) {
    this.#path = path;
    this.#change = saved(path, this.#watching.signal);
  }

  /** The first change since {@link begin}, or since the watch was made. */
  get change(): Promise<'saved'> {
    return this.#change;
  }

  /** What has changed until now is known; it is to be read after this. */
  begin(): void {
    this.close();
    this.#watching = new AbortController();
    this.#change = saved(this.#path, this.#watching.signal);
  }

  close(): void {
    this.#watching.abort();
  }
}
