import type { NamedLab } from './catalog/lab.ts';
import { lackOf } from './catalog/lacks.ts';
import type { NamedLanguage } from './catalog/language.ts';
import type { EngineName, TopologySpec } from './engines/engine.ts';

/** Lab × client language × server language × engine: what one verdict is about. */
export type Cell = {
  /** Unique in its run, and a good folder name: `04-crash-server-java-python-1`. */
  readonly id: string;
  readonly lab: NamedLab;
  readonly client: NamedLanguage;
  readonly server: NamedLanguage;
  readonly engine: EngineName;
  /** The version of IP. */
  readonly ip: 4 | 6;
  /** From 1. */
  readonly repeat: number;
  /** The server's port, of its own for each cell: segments of an earlier cell cannot be mistaken. */
  readonly port: number;
};

/** The hosts that a cell needs. */
export function topologyOf({ lab, client, server, ip }: Omit<Cell, 'port'>): TopologySpec {
  return {
    kind: lab.topology,
    languages: lab.server === 'none' ? { client } : { client, server },
    ip,
    sysctls: lab.sysctls ?? {},
    needs: lab.needs ?? [],
  };
}

/** Server ports lie below Linux's range of ephemeral ports (32768–60999). */
export const PORTS = { first: 20_000, last: 32_000 } as const;

export type PlanOptions = {
  readonly labs: readonly NamedLab[];
  readonly clients: readonly NamedLanguage[];
  readonly servers: readonly NamedLanguage[];
  readonly engine: EngineName;
  readonly ip: 4 | 6;
  readonly repeat: number;
  /** The first cell's port. */
  readonly firstPort: number;
};

/**
 * The cells of a run, in the order in which a person expects their results. A story is none of a language that
 * has no program for it.
 */
export function plan(options: PlanOptions): Cell[] {
  const { labs, engine, ip, repeat, firstPort } = options;
  const cells: Omit<Cell, 'port'>[] = [];
  for (const lab of labs) {
    const playing = playersOf(lab, options);
    for (let turn = 1; turn <= repeat; turn++) {
      for (const server of playing.servers) {
        for (const client of playing.clients) {
          const id = cellId(lab, { client: client.id, server: server.id, repeat: turn });
          cells.push({ id, lab, client, server, engine, ip, repeat: turn });
        }
      }
    }
  }
  const room = PORTS.last - PORTS.first;
  return cells.map((cell, index) => ({
    ...cell,
    port: PORTS.first + ((firstPort - PORTS.first + index) % room),
  }));
}

/** The languages that have the programs of a story. */
function playersOf(lab: NamedLab, { clients, servers }: Pick<PlanOptions, 'clients' | 'servers'>) {
  return {
    clients: clients.filter((client) => lackOf(client, lab, 'client') === undefined),
    servers: servers.filter((server) => lackOf(server, lab, 'server') === undefined),
  };
}

/** Cells that are not planned because a language has no program for them. */
export type LeftOut = {
  readonly language: string;
  readonly because: string;
  readonly cells: number;
};

/** What {@link plan} leaves out, by language and reason; of a cell that both would lack, the client's. */
export function leftOut({
  labs,
  clients,
  servers,
  repeat,
}: Pick<PlanOptions, 'labs' | 'clients' | 'servers' | 'repeat'>): LeftOut[] {
  const found = new Map<string, LeftOut>();
  const add = (language: string, because: string, more: number) => {
    if (more === 0) return;
    const key = JSON.stringify([language, because]);
    const cells = (found.get(key)?.cells ?? 0) + more;
    found.set(key, { language, because, cells });
  };
  for (const lab of labs) {
    const playing = playersOf(lab, { clients, servers });
    for (const client of clients) {
      const because = lackOf(client, lab, 'client');
      if (because !== undefined) add(client.id, because, servers.length * repeat);
    }
    for (const server of servers) {
      const because = lackOf(server, lab, 'server');
      if (because !== undefined) add(server.id, because, playing.clients.length * repeat);
    }
  }
  return [...found.values()];
}

/** A cell's id: unique in its run, and a good folder name. The languages are named by their ids. */
export function cellId(
  { number, name, variant, cure }: Pick<NamedLab, 'number' | 'name' | 'variant' | 'cure'>,
  { client, server, repeat }: { client: string; server: string; repeat: number },
): string {
  const parts = [number, name, variant, cure, client, server, repeat];
  return parts.filter((part) => part !== null).join('-');
}
