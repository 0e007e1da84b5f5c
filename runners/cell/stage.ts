import { commandsOf, type ServerOfLab } from '../catalog/programs.ts';
import type { Stage } from '../catalog/stage.ts';
import type { Program } from '../engines/agent/program.ts';
import type { Engine, Host, Role, Topology } from '../engines/engine.ts';
import type { FaultAction } from '../evidence/observation.ts';
import type { Cell } from '../plan.ts';
import { messageOf } from '../user-error.ts';
import { RunningActor } from './actor.ts';
import { startBalancer } from './balancer.ts';
import { CellHost, type Cut } from './host-on-stage.ts';
import { allIsCaptured, peerOf, probesOf, sequenceExpectedByClient } from './link.ts';
import { connectionsOn } from './live-connections.ts';
import { CellRouter } from './router.ts';

/** What somebody would see who ran a command on a host at a moment of the story. */
export type Look = {
  readonly on: string;
  readonly command: string;
  readonly lines: readonly string[];
};

export type HowToStage = {
  /** Whether `look` does anything. */
  readonly looking: boolean;
  readonly cut: Cut;
};

/** The hosts and programs of one cell; programs come on the stage when they are started. */
export class CellStage implements Stage {
  readonly looks: Look[] = [];
  readonly hosts: Readonly<Record<'client' | 'server', CellHost> & Record<string, CellHost>>;
  clientActor: RunningActor | null = null;
  serverActor: RunningActor | null = null;
  readonly #cell: Cell;
  readonly #topology: Topology;
  readonly #engine: Engine;
  readonly #looking: boolean;
  #haproxy: Program | undefined;
  #isReady = false;

  constructor(cell: Cell, topology: Topology, engine: Engine, { looking, cut }: HowToStage) {
    this.#cell = cell;
    this.#topology = topology;
    this.#engine = engine;
    this.#looking = looking;
    const { client, server, ...others } = topology.hosts;
    const onStage = (host: Host) => new CellHost(host, topology, cell.port, cut);
    this.hosts = {
      ...Object.fromEntries(Object.entries(others).map(([name, host]) => [name, onStage(host)])),
      client: onStage(client),
      server: onStage(server),
    };
  }

  get client(): RunningActor {
    return this.clientActor ?? notYet('the client');
  }

  get server(): RunningActor {
    return this.serverActor ?? notYet('the server');
  }

  get balancer(): CellHost {
    return this.#host('balancer');
  }

  get router(): CellRouter {
    const { port, ip } = this.#cell;
    return new CellRouter(this.#host('router'), {
      ...{ port, ip, client: this.#host('client'), server: this.#host('server') },
      forger: this.#engine.tool('forge-reset.py'),
      expected: async () => {
        await allIsCaptured(this.#topology, `before the RST on ${port}`);
        return sequenceExpectedByClient(this.#topology, port);
      },
    });
  }

  /** What was done to the connection once the programs had started. */
  get actions(): FaultAction[] {
    const actors = [this.clientActor, this.serverActor].flatMap((actor) => actor?.actions ?? []);
    const all = [...actors, ...Object.values(this.hosts).flatMap(({ actions }) => actions)];
    return this.#isReady ? all.sort((a, b) => a.timeUs - b.timeUs) : [];
  }

  /** A property, so that labs can take it out of the stage. */
  readonly look = async (on: string, command: string): Promise<void> => {
    if (!this.#looking) return;
    const { host } = this.#host(on);
    const lines = await host.agent.run('bash', '-c', command).catch((error) => [messageOf(error)]);
    this.looks.push({ on, command, lines });
  };

  /** Lets the lab prepare the hosts. What it does then meets no connection, and need not. */
  async prepare(): Promise<void> {
    const { lab, port } = this.#cell;
    const { balancer, server } = this.#topology.hosts;
    if (balancer) {
      const idleMs = lab.balancer?.idleMs ?? 60_000;
      this.#haproxy = await startBalancer(balancer, { port, server: server.address, idleMs });
    }
    await lab.prepare?.(this);
  }

  /** Lets the lab do what comes before the client; it meets no connection, either. */
  async ready(): Promise<void> {
    await this.#cell.lab.ready?.(this);
    for (const { actions } of Object.values(this.hosts)) actions.length = 0;
    if (this.serverActor) this.serverActor.actions.length = 0;
    this.#isReady = true;
  }

  startServer(): RunningActor {
    this.serverActor = this.#start('server');
    return this.serverActor;
  }

  startClient(): RunningActor {
    this.clientActor = this.#start('client');
    return this.clientActor;
  }

  /** All programs of the cell that are ours to end; a rebooted host's are gone. */
  get programs(): Program[] {
    const actors = [this.clientActor, this.serverActor];
    const programs = actors.flatMap((actor) => actor?.programs ?? []);
    return this.#haproxy ? [...programs, this.#haproxy] : programs;
  }

  #start(role: Role): RunningActor {
    const { lab, port, id } = this.#cell;
    const peer = peerOf(this.#topology).address;
    let started = 0;
    const start = (as: ServerOfLab = lab.server) => {
      const { program, words } = commandsOf({ ...lab, server: as }, peer, port)[role];
      const { folder, command } = this.#engine.installed(this.#cell[role], program);
      // Hosts are used again by other cells, so a program's name bears its cell's.
      const name = `${role}-${id}-${++started}`;
      return this.#topology.hosts[role].programs.start(name, folder, [...command, ...words]);
    };
    return new RunningActor(role, this.#host(role), {
      ...{ port, start },
      probesOf: (of) => probesOf(this.#topology, port, of),
      isOver: () => this.#isOver(),
    });
  }

  async #isOver(): Promise<boolean> {
    if (this.clientActor?.program.status === undefined) return false;
    const hosts = Object.values(this.#topology.hosts);
    const found = await Promise.all(hosts.map((host) => connectionsOn(host, this.#cell.port)));
    return found.every((connections) => connections.length === 0);
  }

  #host(name: string): CellHost {
    return this.hosts[name] ?? notYet(`a host "${name}"`);
  }
}

function notYet(what: string): never {
  throw new Error(`there is no ${what.replace(/^(the|a) /, '')} on the stage`);
}
