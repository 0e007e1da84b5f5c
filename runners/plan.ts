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
  /** Each client meets the server of its own language only. */
  readonly alike?: boolean;
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
  const all = pairsOf(options);
  for (const lab of labs) {
    const pairs = all.filter((pair) => lackingIn(lab, pair) === undefined);
    for (let turn = 1; turn <= repeat; turn++) {
      for (const { client, server } of pairs) {
        const id = cellId(lab, { client: client.id, server: server.id, repeat: turn });
        cells.push({ id, lab, client, server, engine, ip, repeat: turn });
      }
    }
  }
  const room = PORTS.last - PORTS.first;
  return cells.map((cell, index) => ({
    ...cell,
    port: PORTS.first + ((firstPort - PORTS.first + index) % room),
  }));
}

type Pair = Pick<Cell, 'client' | 'server'>;

function pairsOf({ clients, servers, alike }: Pick<PlanOptions, 'clients' | 'servers' | 'alike'>) {
  return servers
    .flatMap((server) => clients.map((client): Pair => ({ client, server })))
    .filter(({ client, server }) => !alike || client.id === server.id);
}

/** Which language of a pair has no program for a story, and why; of two, the client's. */
function lackingIn(
  lab: NamedLab,
  { client, server }: Pair,
): { readonly language: string; readonly because: string } | undefined {
  const ofClient = lackOf(client, lab, 'client');
  if (ofClient !== undefined) return { language: client.id, because: ofClient };
  const ofServer = lackOf(server, lab, 'server');
  return ofServer === undefined ? undefined : { language: server.id, because: ofServer };
}

/** Cells that are not planned because a language has no program for them. */
export type LeftOut = {
  readonly language: string;
  readonly because: string;
  readonly cells: number;
};

/** What {@link plan} leaves out, by language and reason. */
export function leftOut(
  options: Pick<PlanOptions, 'labs' | 'clients' | 'servers' | 'alike' | 'repeat'>,
): LeftOut[] {
  const found = new Map<string, LeftOut>();
  const pairs = pairsOf(options);
  for (const lab of options.labs) {
    for (const pair of pairs) {
      const lacking = lackingIn(lab, pair);
      if (lacking === undefined) continue;
      const key = JSON.stringify(lacking);
      const cells = (found.get(key)?.cells ?? 0) + options.repeat;
      found.set(key, { ...lacking, cells });
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
