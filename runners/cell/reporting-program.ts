import type { ServerOfLab } from '../catalog/programs.ts';
import { PATIENCE_MS, within } from '../deadline.ts';
import type { Program } from '../engines/agent/program.ts';
import type { Role } from '../engines/engine.ts';
import { parseStepLine, readReport, type Step, type StepName } from '../evidence/steps.ts';
import type { CellHost } from './host-on-stage.ts';

/** How an actor's program is started, and what is known of the cell beside it. */
export type Means = {
  readonly port: number;
  /** @param as the server in place of the lab's */
  readonly start: (as?: ServerOfLab) => Program;
  /** Counts the keepalive probes of a side up to now. */
  readonly probesOf: (role: Role) => number;
  /** Whether the client has ended and no host has a connection of the cell: none will come any more. */
  readonly isOver: () => Promise<boolean>;
};

/** A running program of a cell, and what can be waited for of what it reports. */
export class ReportingProgram {
  readonly role: Role;
  readonly host: CellHost;
  /** All programs of this role, in the order in which they were started. */
  readonly programs: Program[] = [];
  protected readonly means: Means;

  constructor(role: Role, host: CellHost, means: Means) {
    this.role = role;
    this.host = host;
    this.means = means;
    this.programs.push(means.start());
  }

  /** The one that was started last. */
  get program(): Program {
    return this.programs.at(-1) as Program;
  }

  /** What its last step is, if it has begun one. */
  get lastStep(): Step | undefined {
    return readReport(this.program.lines).steps.at(-1);
  }

  async begins(step: StepName, nth = 1): Promise<void> {
    if (await this.beginsOrEnds(step, nth)) return;
    await this.#assertNotLost();
    throw new Error(`the ${this.role} ended before ${ordinal(nth)}"${step} begin"; ${this.last()}`);
  }

  beginsOrEnds(step: StepName, nth = 1): Promise<boolean> {
    return this.#says(step, 'begin', nth);
  }

  async finishes(step: StepName, nth = 1): Promise<void> {
    if (await this.#says(step, 'end', nth)) return;
    await this.#assertNotLost();
    throw new Error(`the ${this.role} ended before ${ordinal(nth)}"${step}" did; ${this.last()}`);
  }

  async ends(): Promise<void> {
    await within(`the end of the ${this.role}`, this.program.exited, PATIENCE_MS, () =>
      this.last(),
    );
  }

  async #says(step: StepName, which: 'begin' | 'end', nth: number): Promise<boolean> {
    const isIt = (line: string) => {
      const said = parseStepLine(line);
      return said?.step === step && (said.outcome === 'begin') === (which === 'begin');
    };
    const { program } = this;
    const answer = new Promise<boolean>((resolve) => {
      const look = () => {
        if (program.lines.filter(isIt).length >= nth) return resolve(true);
        if (program.status !== undefined) return resolve(false);
        program.once('line', look);
      };
      program.once('end', () => resolve(program.lines.filter(isIt).length >= nth));
      look();
    });
    const state = `${ordinal(nth)}"${step} ${which}" of the ${this.role}`;
    return await within(state, answer, PATIENCE_MS, () => this.last());
  }

  /** Its host's end is another one than its own. */
  async #assertNotLost(): Promise<void> {
    if (this.program.isLost) await this.program.exited;
  }

  /** What it has reported last, for errors. */
  protected last(): string {
    const last = this.program.lines.at(-1);
    return last === undefined
      ? 'it reported nothing'
      : `its last report was "${last.split('\t').slice(1).join(' ')}"`;
  }
}

function ordinal(nth: number): string {
  return nth === 1 ? '' : `no. ${nth} of `;
}
