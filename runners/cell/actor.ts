import type { ServerOfLab } from '../catalog/programs.ts';
import type { Actor } from '../catalog/stage.ts';
import type { FaultAction } from '../evidence/observation.ts';
import { readReport } from '../evidence/steps.ts';
import { deed } from './deed.ts';
import { liveConnections } from './live-connections.ts';
import { WatchedProgram } from './watched-program.ts';

/** A running program of a cell, as its fault and the conductor see it: what can be done to it. */
export class RunningActor extends WatchedProgram implements Actor {
  readonly actions: FaultAction[] = [];

  async proceed(): Promise<void> {
    await this.program.input('');
  }

  async release(): Promise<void> {
    await this.program.endInput();
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): Promise<void> {
    const { programs: agent } = this.host.host;
    const act = async () => {
      // Both are sent at once, and the agent carries them out in order: the state is that of the moment.
      const [touched] = await Promise.all([
        liveConnections({ agent }, this.means.port),
        this.program.signal(signal.replace('SIG', '')),
      ]);
      return touched;
    };
    this.actions.push(await deed(`${signal} to the ${this.role}`, { agent }, act));
  }

  async resume(): Promise<void> {
    await this.program.signal('CONT');
  }

  async runsOutOfMemory(): Promise<void> {
    const act = async () => {
      const touched = await liveConnections(this.host.host, this.means.port);
      await this.proceed();
      return touched;
    };
    this.actions.push(await deed(`the ${this.role} runs out of memory`, this.host.host, act));
    await this.ends();
    // 128 + 9, as a shell tells it: the kernel's OOM killer sends SIGKILL, and nobody else did.
    if (this.program.status !== 137) {
      throw new Error(
        `the ${this.role} was not killed for its memory: it ended with ${this.program.status}`,
      );
    }
  }

  async startsAgain(as?: ServerOfLab): Promise<void> {
    // A program that was killed has its port until it has really ended.
    if (!this.program.isLost) await this.ends();
    this.programs.push(this.means.start(as));
    await this.listens();
  }

  /** Waits until the server listens; throws where it cannot. */
  async listens(): Promise<void> {
    await this.finishes('listen');
    const { end } = readReport(this.program.lines).steps[0] ?? {};
    if (end?.outcome !== 'error') return;
    throw new Error(`the server cannot listen on port ${this.means.port}: ${end.error.message}`);
  }
}
