import type { Actor } from '../catalog/lab.ts';
import { PATIENCE_MS, until, within } from '../deadline.ts';
import type { Program } from '../engines/agent/program.ts';
import type { Host, Role } from '../engines/engine.ts';
import type { FaultAction } from '../evidence/observation.ts';
import { parseSockets, type Socket } from '../evidence/sockets.ts';
import { parseStepLine, type StepName } from '../evidence/steps.ts';

/** States in which a socket has received its peer's FIN, whatever it did then. */
const AFTER_PEERS_FIN = new Set(['CLOSE-WAIT', 'LAST-ACK', 'CLOSING', 'TIME-WAIT', 'CLOSED']);
/** States in which a socket's own FIN has been acknowledged. */
const AFTER_OWN_FIN = new Set(['FIN-WAIT-2', 'TIME-WAIT', 'CLOSED']);

/** States of a connection that can still be ended; in the others its end is under way or has come. */
const ALIVE = new Set(['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT']);

/** A running program of a cell, as its fault and the conductor see it. */
export class RunningActor implements Actor {
  readonly role: Role;
  readonly program: Program;
  readonly actions: FaultAction[] = [];
  readonly #host: Host;
  readonly #port: number;

  /** @param port the server's, which tells this cell's connection from all others */
  constructor(host: Host, program: Program, port: number) {
    this.role = host.role;
    this.program = program;
    this.#host = host;
    this.#port = port;
  }

  async begins(step: StepName, nth = 1): Promise<void> {
    if (await this.beginsOrEnds(step, nth)) return;
    throw new Error(
      `the ${this.role} ended before ${ordinal(nth)}"${step} begin"; ${this.#last()}`,
    );
  }

  beginsOrEnds(step: StepName, nth = 1): Promise<boolean> {
    return this.#says(step, 'begin', nth);
  }

  async finishes(step: StepName, nth = 1): Promise<void> {
    if (await this.#says(step, 'end', nth)) return;
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

  async proceed(): Promise<void> {
    await this.program.input('');
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): Promise<void> {
    // Both are sent at once, and the agent carries them out in order: the state is that of the moment.
    const timeUs = Math.round((performance.timeOrigin + performance.now()) * 1000);
    const [sockets] = await Promise.all([
      this.connections(),
      this.program.signal(signal.replace('SIG', '')),
    ]);
    this.actions.push({
      what: `${signal} to the ${this.role}`,
      timeUs,
      touched: sockets.filter(({ state }) => ALIVE.has(state)).length,
    });
  }

  /** The sockets of this cell's connections on this host, the listener left out. */
  async connections(): Promise<Socket[]> {
    const { lines } = await this.#host.agent.ask('sockets');
    const port = this.#port;
    return parseSockets(lines).filter(
      ({ state, localPort, remotePort }) =>
        state !== 'LISTEN' && (this.role === 'server' ? localPort : remotePort) === port,
    );
  }

  async #socket(state: string, holds: (socket: Socket | undefined) => boolean): Promise<void> {
    let seen: Socket[] = [];
    await until(
      `${state} on the ${this.role}`,
      async () => {
        const ended = this.program.status !== undefined;
        seen = await this.connections();
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
