import type { ServerOfLab } from '../catalog/programs.ts';
import { PATIENCE_MS, until, within } from '../deadline.ts';
import type { Program } from '../engines/agent/program.ts';
import type { Socket } from '../evidence/sockets.ts';
import { parseStepLine, readReport, type Step, type StepName } from '../evidence/steps.ts';
import type { CellHost } from './host-on-stage.ts';
import { connectionsOn } from './live-connections.ts';

/** States in which a socket has received its peer's FIN, whatever it did then. */
const AFTER_PEERS_FIN = new Set(['CLOSE-WAIT', 'LAST-ACK', 'CLOSING', 'TIME-WAIT', 'CLOSED']);
/** States in which a socket's own FIN has been acknowledged. */
const AFTER_OWN_FIN = new Set(['FIN-WAIT-2', 'TIME-WAIT', 'CLOSED']);

/** States in which a program can still read or write. */
const OPEN = new Set(['ESTABLISHED', 'CLOSE-WAIT']);

export type Role = 'client' | 'server';

/** How an actor's program is started, and the packets that the cell's link has carried. */
export type Means = {
  readonly port: number;
  /** @param as the server in place of the lab's */
  readonly start: (as?: ServerOfLab) => Program;
  /** Counts the keepalive probes of a side up to now. */
  readonly probesOf: (role: Role) => number;
};

/** A running program of a cell and its connection: what can be waited for. */
export class WatchedProgram {
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
    throw new Error(
      `the ${this.role} ended before ${ordinal(nth)}"${step} begin"; ${this.#last()}`,
    );
  }

  beginsOrEnds(step: StepName, nth = 1): Promise<boolean> {
    return this.#says(step, 'begin', nth);
  }

  async finishes(step: StepName, nth = 1): Promise<void> {
    if (await this.#says(step, 'end', nth)) return;
    await this.#assertNotLost();
    throw new Error(`the ${this.role} ended before ${ordinal(nth)}"${step}" did; ${this.#last()}`);
  }

  hasUnread(): Promise<void> {
    return this.#socket('bytes in the receive queue', (socket) => (socket?.unread ?? 0) > 0);
  }

  hasReadAll(): Promise<void> {
    return this.#socket('an empty receive queue', (socket) => socket?.unread === 0);
  }

  receivesFin(): Promise<void> {
    return this.#socket(
      "the peer's FIN (state CLOSE-WAIT or later)",
      (socket) => socket === undefined || AFTER_PEERS_FIN.has(socket.state),
    );
  }

  finIsAcknowledged(): Promise<void> {
    return this.#socket(
      'the acknowledgement of its FIN (state FIN-WAIT-2 or later)',
      (socket) => socket === undefined || AFTER_OWN_FIN.has(socket.state),
    );
  }

  losesConnection(): Promise<void> {
    return this.#socket(
      'the end of its connection (state CLOSED)',
      (socket) => socket === undefined || socket.state === 'CLOSED',
    );
  }

  async givesUp(): Promise<void> {
    let open: Socket[] = [];
    await until(
      `the end of every open connection of the ${this.role}`,
      async () => {
        open = (await this.connections()).filter(({ state }) => OPEN.has(state));
        return open.length === 0 || undefined;
      },
      { instead: async () => open.map(({ state }) => state).join() },
    );
  }

  async blocks(step: StepName): Promise<void> {
    await this.begins(step);
    await this.#socket('nothing to wait for (no data, no timer of the kernel)', (socket) => {
      const isAtIt = this.lastStep?.step === step && this.lastStep.end === null;
      const idle = socket?.state === 'ESTABLISHED' && socket.unread === 0 && !socket.timer;
      return isAtIt && idle && socket.unacknowledged === 0;
    });
  }

  async settles(): Promise<void> {
    const { programs: agent } = this.host.host;
    // The name of a thread, in parentheses, may have spaces; after it comes the state.
    const states =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
      'for file in /proc/$0/task/*/stat; do read -r line <$file && echo ${line##*) }; done';
    await until(`sleep of all threads of the ${this.role}`, async () => {
      if (this.program.status !== undefined) {
        throw new Error(`the ${this.role} ended before it slept; ${this.#last()}`);
      }
      const pid = String(await this.program.pid);
      const lines = await agent.run('bash', '-c', states, pid);
      return (lines.length > 0 && lines.every((line) => line.startsWith('S '))) || undefined;
    });
  }

  async probes(times: number): Promise<void> {
    const seen = () => this.means.probesOf(this.role);
    await until(
      `keepalive probe no. ${times} of the ${this.role}`,
      async () => (seen() >= times ? true : undefined),
      { instead: async () => `${seen()} probes` },
    );
  }

  async ends(): Promise<void> {
    await within(`the end of the ${this.role}`, this.program.exited, PATIENCE_MS, () =>
      this.#last(),
    );
  }

  /** The sockets of this cell's connections on this host, the listener left out. */
  connections(): Promise<Socket[]> {
    return connectionsOn(this.host.host, this.means.port);
  }

  async #socket(state: string, holds: (socket: Socket | undefined) => boolean): Promise<void> {
    let seen: Socket[] = [];
    await until(
      `${state} on the ${this.role}`,
      async () => {
        const ended = this.program.status !== undefined;
        // The one with the most to read: the other may be a place taken in the listen queue.
        seen = (await this.connections()).sort((a, b) => b.unread - a.unread);
        if (holds(seen[0])) return true;
        if (ended && seen.length === 0)
          throw new Error(`the ${this.role} ended before ${state} came`);
        return undefined;
      },
      {
        instead: async () =>
          seen[0] ? `${seen[0].state} with ${seen[0].unread} bytes unread` : 'no connection',
      },
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
    return await within(state, answer, PATIENCE_MS, () => this.#last());
  }

  /** Its host's end is another one than its own. */
  async #assertNotLost(): Promise<void> {
    if (this.program.isLost) await this.program.exited;
  }

  #last(): string {
    const last = this.program.lines.at(-1);
    return last === undefined
      ? 'it reported nothing'
      : `its last report was "${last.split('\t').slice(1).join(' ')}"`;
  }
}

function ordinal(nth: number): string {
  return nth === 1 ? '' : `no. ${nth} of `;
}
