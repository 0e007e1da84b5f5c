import type { Document } from 'yaml';
import { UserError } from '../../user-error.ts';
import { rewrite } from '../files/rewrite.ts';
import { NoTextError, textOf } from '../files/text-file.ts';
import { changed, type LabProgress, type State, stateOf, unusable } from './state.ts';

export type { LabProgress } from './state.ts';

/**
 * A participant's state: one readable file, which is whole at every moment. It is what is in the file now: other
 * processes and the participant write there, too.
 */
export class Progress {
  readonly file: string;
  #text: string | undefined;
  #state: State;

  private constructor(file: string) {
    this.file = file;
    this.#text = this.#read();
    this.#state = stateOf(this.#text, file);
  }

  /**
   * Reads the file, or begins a new one, which is written with the first change.
   *
   * @throws UserError for a file that cannot be used; it is left as it is
   */
  static async read(file: string): Promise<Progress> {
    return new Progress(file);
  }

  get language(): string | undefined {
    return this.#now().language;
  }

  /** @param lab its folder: `04-crash-server` */
  lab(lab: string): LabProgress {
    return this.#now().labs[lab] ?? {};
  }

  choose(language: string): Promise<void> {
    return this.#change((document) => document.set('language', language));
  }

  /**
   * Keeps something of a lab.
   *
   * @throws UserError where the file cannot be used any more, or cannot be written
   */
  set(lab: string, path: readonly string[], value: string | number | boolean): Promise<void> {
    return this.#change((document) => document.setIn(['labs', lab, ...path], value));
  }

  /** Forgets one lab, or all; the language stays. */
  forget(lab?: string): Promise<void> {
    const path = lab === undefined ? ['labs'] : ['labs', lab];
    return this.#change((document) => document.hasIn(path) && document.deleteIn(path));
  }

  #change(change: (document: Document) => void): Promise<void> {
    return rewrite(
      this.file,
      () => this.#read(),
      (text) => changed(text, this.file, change),
    );
  }

  /** While a person writes the file it may be none: until it is one again, what was in it before holds. */
  #now(): State {
    try {
      const text = this.#read();
      if (text !== this.#text) this.#state = stateOf(text, this.file);
      this.#text = text;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
    return this.#state;
  }

  #read(): string | undefined {
    try {
      return textOf(this.file);
    } catch (error) {
      if (error instanceof NoTextError) throw unusable(this.file, `it ${error.message}`);
      throw error;
    }
  }
}
