import type { Engine, Topology, TopologySpec } from './engines/engine.ts';

/**
 * Lends topologies. Making hosts costs more than a cell, so those that a cell left whole serve the next
 * cell of the same kind.
 */
export class Pool {
  readonly #engine: Engine;
  readonly #idle: { readonly key: string; readonly topology: Promise<Topology> }[] = [];
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
    this.#idle.push({ key: this.#engine.key(spec), topology });
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
    const key = this.#engine.key(spec);
    const place = this.#idle.findIndex((idle) => idle.key === key);
    const [found] = place < 0 ? [] : this.#idle.splice(place, 1);
    const topology = await (found?.topology ?? this.#engine.make(spec));
    let whole = false;
    try {
      const used = await use(topology);
      whole = used.whole;
      return used;
    } finally {
      if (whole) await this.#keep(key, topology);
      else await closed(topology);
    }
  }

  async #keep(key: string, topology: Topology): Promise<void> {
    this.#idle.push({ key, topology: Promise.resolve(topology) });
    if (this.#idle.length <= this.#mostIdle) return;
    const oldest = await this.#idle.shift()?.topology.catch(() => undefined);
    if (oldest) await closed(oldest);
  }
}

/** What cannot be taken away is told at the engine's end: it must not cost a cell its result. */
async function closed(topology: Topology): Promise<void> {
  await topology.close().catch(() => {});
}
