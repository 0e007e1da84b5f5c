import { PATIENCE_MS, until } from '../deadline.ts';
import type { Role } from '../engines/engine.ts';
import type { Socket } from '../evidence/sockets.ts';
import type { StepName } from '../evidence/steps.ts';
import { connectionsOn, socketsOn } from './live-connections.ts';
import { ReportingProgram } from './reporting-program.ts';

/** States in which a socket has received its peer's FIN, whatever it did then. */
const AFTER_PEERS_FIN = new Set(['CLOSE-WAIT', 'LAST-ACK', 'CLOSING', 'TIME-WAIT', 'CLOSED']);
/** States in which a socket's own FIN has been acknowledged. */
const AFTER_OWN_FIN = new Set(['FIN-WAIT-2', 'TIME-WAIT', 'CLOSED']);

/** States in which a program can still read or write. */
const OPEN = new Set(['ESTABLISHED', 'CLOSE-WAIT']);

/** A running program of a cell, and what can be waited for of its connection. */
export class ConnectedProgram extends ReportingProgram {
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

  hasUnacknowledged(): Promise<void> {
    return this.#socket(
      'something sent that is not acknowledged',
      (socket) => (socket?.unacknowledged ?? 0) > 0,
    );
  }

  isAnswered(): Promise<void> {
    return this.#socket(
      'the answer to all that it has sent (an acknowledgement, or the end of the connection)',
      (socket) => socket === undefined || socket.unacknowledged === 0,
    );
  }

  async givesUp(deadlineMs = PATIENCE_MS): Promise<void> {
    let open: Socket[] = [];
    await until(
      `the end of every open connection of the ${this.role}`,
      async () => {
        open = (await this.connections()).filter(({ state }) => OPEN.has(state));
        return open.length === 0 || undefined;
      },
      { deadlineMs, instead: async () => open.map(({ state }) => state).join() },
    );
  }

  async blocks(step: StepName): Promise<void> {
    await this.begins(step);
    await this.#socket('nothing to wait for (no data, no timer of the kernel)', (socket) => {
      if (this.program.status !== undefined) {
        throw new Error(`the ${this.role} ended before it blocked in "${step}"; ${this.last()}`);
      }
      const isAtIt = this.lastStep?.step === step && this.lastStep.end === null;
      const idle = socket?.state === 'ESTABLISHED' && socket.unread === 0 && !socket.timer;
      return isAtIt && idle && socket.unacknowledged === 0;
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

  /** Waits for the listening socket of a server that does not tell whether it listens. */
  async opensListener(deadlineMs: number): Promise<void> {
    await until(
      `a listening socket of the ${this.role}`,
      async () => {
        if (await this.#isListening()) return true;
        const { status } = this.program;
        if (status === undefined) return undefined;
        throw new Error(`the ${this.role} ended with status ${status} before it listened`);
      },
      { deadlineMs },
    );
  }

  /** Waits until nobody listens any more, no process that a server has left behind either. */
  async closesListener(deadlineMs: number): Promise<void> {
    await until(
      `the end of the listening socket of the ${this.role}`,
      async () => !(await this.#isListening()) || undefined,
      { deadlineMs },
    );
  }

  /** The sockets of this cell's connections on this host, the listener left out. */
  connections(): Promise<Socket[]> {
    return connectionsOn(this.host.host, this.means.port);
  }

  /** Whose end leaves no connection to come; undefined: one may. */
  async #whoEnded(): Promise<Role | undefined> {
    if (this.program.status !== undefined) return this.role;
    return (await this.means.isOver()) ? 'client' : undefined;
  }

  async #isListening(): Promise<boolean> {
    const sockets = await socketsOn(this.host.host);
    return sockets.some(
      ({ state, localPort }) => state === 'LISTEN' && localPort === this.means.port,
    );
  }

  async #socket(state: string, holds: (socket: Socket | undefined) => boolean): Promise<void> {
    let seen: Socket[] = [];
    await until(
      `${state} on the ${this.role}`,
      async () => {
        // Before the look: what comes in between is then seen.
        const ended = await this.#whoEnded();
        // The one with the most to read: the other may be a place taken in the listen queue.
        seen = (await this.connections()).sort((a, b) => b.unread - a.unread);
        if (holds(seen[0])) return true;
        if (ended === undefined || seen.length > 0) return undefined;
        const where = ended === this.role ? '' : ` on the ${this.role}`;
        throw new Error(`the ${ended} ended before ${state}${where} came`);
      },
      {
        instead: async () =>
          seen[0] ? `${seen[0].state} with ${seen[0].unread} bytes unread` : 'no connection',
      },
    );
  }
}
