import type { Engine, Topology, TopologySpec } from './engines/engine.ts';

type Idle = {
  readonly hosts: string;
  /** The keys of all that has been admitted on them. */
  readonly programs: ReadonlySet<string>;
  readonly topology: Promise<Topology>;
};

/**
 * Lends topologies. Making hosts costs more than a cell, so those that a cell left whole serve the next
 * cell of the same kind.
 */
export class Pool {
  readonly #engine: Engine;
  readonly #idle: Idle[] = [];
  readonly #mostIdle: number;

  constructor(engine: Engine, mostIdle: number) {
    this.#engine = engine;
    this.#mostIdle = mostIdle;
  }

  /** Begins to make a topology that somebody will lend soon. */
  warm(spec: TopologySpec): void {
    const topology = this.#engine.make(spec);
    // Whoever lends it is told of the failure.
    topology.catch(() => {});
    const [hosts, programs] = this.#engine.keys(spec);
    this.#idle.push({ hosts, programs: new Set([programs]), topology });
  }

  /**
   * Lends a topology for the time of `use`.
   *
   * @param use resolves with `whole: false` if it left something in the hosts that must not meet another cell
   */
  async lend<T extends { readonly whole: boolean }>(
    spec: TopologySpec,
    use: (topology: Topology) => Promise<T>,
  ): Promise<T> {
    const [hosts, programs] = this.#engine.keys(spec);
    const found = this.#take(hosts, programs);
    const topology = await (found?.topology ?? this.#engine.make(spec));
    let whole = false;
    try {
      await topology.admit(spec.languages);
      const used = await use(topology);
      whole = used.whole;
      return used;
    } finally {
      const admitted = new Set([...(found?.programs ?? []), programs]);
      if (whole) {
        await this.#keep({ hosts, programs: admitted, topology: Promise.resolve(topology) });
      } else await closed(topology);
    }
  }

  /** Best of all one that has the programs already. */
  #take(hosts: string, programs: string): Idle | undefined {
    const fitting = this.#idle.filter((idle) => idle.hosts === hosts);
    const found = fitting.find((idle) => idle.programs.has(programs)) ?? fitting[0];
    if (found) this.#idle.splice(this.#idle.indexOf(found), 1);
    return found;
  }

  async #keep(idle: Idle): Promise<void> {
    this.#idle.push(idle);
    if (this.#idle.length <= this.#mostIdle) return;
    const oldest = await this.#idle.shift()?.topology.catch(() => undefined);
    if (oldest) await closed(oldest);
  }
}

/** What cannot be taken away is told at the engine's end: it must not cost a cell its result. */
async function closed(topology: Topology): Promise<void> {
  await topology.close().catch(() => {});
}
