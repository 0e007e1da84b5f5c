import { UserError } from '../../user-error.ts';
import type { Assignment, Checked, Checker } from '../checks/checker.ts';

type Open = () => Promise<Pick<Checker, 'check' | 'close'>>;

/** Checks programs with one checker: it is opened for the first of them, and again where it has failed. */
export class Checks {
  readonly #open: Open;
  #checker: ReturnType<Open> | undefined;

  constructor(open: Open) {
    this.#open = open;
  }

  /** @throws UserError where the lab cannot run here, or not now */
  async check(assignment: Assignment, text: string): Promise<Checked> {
    this.#checker ??= this.#open();
    // What it lacked may be there at the next check.
    const checker = await this.#checker.catch((error) => {
      this.#checker = undefined;
      throw error;
    });
    try {
      return await checker.check(assignment, text);
    } catch (error) {
      if (!(error instanceof UserError)) await this.close().catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    const opened = this.#checker;
    this.#checker = undefined;
    await (await opened?.catch(() => undefined))?.close();
  }
}
