import type { HostOnStage, Segments } from '../catalog/stage.ts';
import { until, within } from '../deadline.ts';
import type { Program } from '../engines/agent/program.ts';
import type { Host, Topology } from '../engines/engine.ts';
import { type Counters, parseCounters } from '../evidence/counters.ts';
import type { FaultAction } from '../evidence/observation.ts';
import type { Socket } from '../evidence/sockets.ts';
import { deed } from './deed.ts';
import { dropRule, NO_RULES, RULES } from './firewall.ts';
import { connectionsOn, liveConnections } from './live-connections.ts';

/** States of a socket whose own side has been closed. */
const CLOSED_HERE = new Set([
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
  'CLOSED',
]);

/** Does something while the cable of the server's host is cut: what its kernel sends then reaches nobody. */
export type Cut = (act: () => Promise<void>) => Promise<void>;

/** The network of a host, as a cell's fault sees it. */
export class CellHost implements HostOnStage {
  readonly host: Host;
  readonly actions: FaultAction[] = [];
  /** What its kernel had counted when it came back; null where it is the host of the beginning. */
  countersAtBoot: Counters | null = null;
  readonly #topology: Topology;
  readonly #port: number;
  readonly #cut: Cut;
  #inQueue: Program[] = [];
  /** What was counted before the queue was filled: hosts are used again, and go on counting. */
  #overflowsBefore = 0;

  constructor(host: Host, topology: Topology, port: number, cut: Cut) {
    this.host = host;
    this.#topology = topology;
    this.#port = port;
    this.#cut = cut;
  }

  dropsArriving(segments: Segments): Promise<void> {
    return this.#drops('input', segments, `drops arriving ${named(segments)}`);
  }

  dropsLeaving(segments: Segments): Promise<void> {
    return this.#drops('output', segments, `drops leaving ${named(segments)}`);
  }

  async dropsNothing(): Promise<void> {
    await this.host.administrator.run('nft', NO_RULES);
  }

  hasClosed(): Promise<void> {
    return this.#ownSockets(
      `the end of the connection on the side of the ${this.host.name}`,
      ({ state }) => CLOSED_HERE.has(state),
    );
  }

  hasLetGo(): Promise<void> {
    return this.#ownSockets(
      `the end of the socket on the ${this.host.name}`,
      ({ remainder }) => remainder,
    );
  }

  async killsSocket(): Promise<void> {
    // A listening socket is not meant.
    const side = this.host.name === 'client' ? 'dport' : 'sport';
    await this.acts(`an administrator of the ${this.host.name} kills the socket`, () =>
      this.host.administrator.run('ss', '-tK', 'state', 'connected', side, '=', `:${this.#port}`),
    );
  }

  async reboots(): Promise<void> {
    if (this.host.name !== 'server') throw new Error('only the host of the server can reboot');
    await this.acts('the host of the server vanishes and comes back', async () => {
      await this.#cut(async () => {
        this.countersAtBoot = parseCounters(await this.#topology.rebootServer());
      });
    });
  }

  async takesPlaceInQueue(): Promise<void> {
    this.#overflowsBefore = await this.#overflowsSoFar();
    // From the same host, so that none of its segments is on the link that is captured.
    const { agent, address } = this.host;
    const name = `queue-${this.#port}-${this.#inQueue.length}`;
    const connect = `exec 9<>"/dev/tcp/$0/$1" && printf 'connected\\n' >"$LAB_STEPS" && read -r || :`;
    const words = ['bash', '-c', connect, address, String(this.#port)];
    const program = agent.start(name, '/', words);
    const connected = new Promise<void>((resolve, reject) => {
      program.once('line', () => resolve());
      program.once('end', () => reject(new Error('no place could be taken in the listen queue')));
    });
    await within('a place in the listen queue', connected);
    this.#inQueue.push(program);
  }

  async overflows(): Promise<void> {
    await until('an overflow of the listen queue (ListenOverflows)', async () =>
      (await this.#overflowsSoFar()) > this.#overflowsBefore ? true : undefined,
    );
  }

  async leavesQueue(): Promise<void> {
    for (const program of this.#inQueue) {
      await program.signal('KILL');
      await within('the end of a connection in the listen queue', program.exited);
    }
    this.#inQueue = [];
  }

  /** Does something and records how many live connections of the cell it met on this host. */
  async acts(what: string, act: () => Promise<unknown>): Promise<void> {
    const met = async () => {
      const touched = await liveConnections(this.host, this.#port);
      await act();
      return touched;
    };
    this.actions.push(await deed(what, this.host, met));
  }

  async #overflowsSoFar(): Promise<number> {
    const { lines } = await this.host.agent.ask('counters');
    return parseCounters(lines).ListenOverflows ?? 0;
  }

  async #ownSockets(state: string, holds: (socket: Socket) => boolean): Promise<void> {
    await until(state, async () => {
      const sockets = await connectionsOn(this.host, this.#port);
      return sockets.filter(({ localPort }) => localPort === this.#port).every(holds) || undefined;
    });
  }

  #drops(hook: 'input' | 'output', segments: Segments, what: string): Promise<void> {
    const side = this.host.name === 'client' ? 'client' : 'server';
    const rule = dropRule({ hook, segments, side, port: this.#port });
    return this.acts(`the ${this.host.name} ${what}`, () =>
      this.host.administrator.run('nft', `${RULES[hook]}; ${rule}`),
    );
  }
}

function named(segments: Segments): string {
  return segments === 'all' ? 'segments' : `segments with ${segments}`;
}
