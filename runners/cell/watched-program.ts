import { until } from '../deadline.ts';
import type { Agent } from '../engines/agent/agent.ts';
import { ConnectedProgram } from './connected-program.ts';
import { freeDescriptors, peakMemory, threadStates } from './process.ts';

/** A running program of a cell, and all that can be waited for: also of its process. */
export class WatchedProgram extends ConnectedProgram {
  async settles(): Promise<void> {
    if (await this.settlesOrEnds()) return;
    throw new Error(`the ${this.role} ended before it slept; ${this.last()}`);
  }

  async settlesOrEnds(): Promise<boolean> {
    return await until(`sleep of all threads of the ${this.role}`, async () => {
      if (this.program.status !== undefined) return false;
      const states = await threadStates(await this.#alive('it slept'));
      return (states.length > 0 && states.every((state) => state === 'S')) || undefined;
    });
  }

  async hasDescriptorsLeft(most: number): Promise<void> {
    let left: number | undefined;
    await until(
      `a ${this.role} that may open at most ${most} more files`,
      async () => {
        left = await freeDescriptors(await this.#alive('its descriptors were counted'));
        return left !== undefined && left <= most ? true : undefined;
      },
      { instead: async () => `it may open ${left} more` },
    );
  }

  async peakMemory(): Promise<number> {
    const state = `the memory of the ${this.role}`;
    return await until(
      state,
      async () => await peakMemory(await this.#alive('its memory was looked at')),
    );
  }

  async hasHad(megabytes: number): Promise<void> {
    let most = 0;
    await until(
      `${Math.round(megabytes)} MB in the memory of the ${this.role}`,
      async () => {
        most = await this.peakMemory();
        return most >= megabytes ? true : undefined;
      },
      { instead: async () => `${Math.round(most)} MB` },
    );
  }

  /** Where its kernel shows it. */
  async #alive(before: string): Promise<{ agent: Agent; pid: number }> {
    const { status } = this.program;
    if (status !== undefined) {
      throw new Error(`the ${this.role} ended with status ${status} before ${before}`);
    }
    return { agent: this.host.host.programs, pid: await this.program.pid };
  }
}
