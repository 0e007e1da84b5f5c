import type { NamedLab } from './catalog/lab.ts';
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

/** The cells of a run, in the order in which a person expects their results. */
export function plan(options: PlanOptions): Cell[] {
  const { labs, clients, servers, engine, ip, repeat, firstPort } = options;
  const cells: Omit<Cell, 'port'>[] = [];
  for (const lab of labs) {
    for (let turn = 1; turn <= repeat; turn++) {
      for (const server of servers) {
        for (const client of clients) {
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

/** A cell's id: unique in its run, and a good folder name. The languages are named by their ids. */
export function cellId(
  { number, name, variant, cure }: Pick<NamedLab, 'number' | 'name' | 'variant' | 'cure'>,
  { client, server, repeat }: { client: string; server: string; repeat: number },
): string {
  const parts = [number, name, variant, cure, client, server, repeat];
  return parts.filter((part) => part !== null).join('-');
}
