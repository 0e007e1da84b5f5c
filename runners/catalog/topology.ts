/**
 * Hosts and their links.
 *
 * - `direct`: client — server
 * - `routed`: client — router — server; the router forwards and can filter
 * - `proxied`: client — balancer — server; the balancer's HAProxy ends the client's connection and has its
 *   own to the server
 */
export const TOPOLOGY_NAMES = ['direct', 'routed', 'proxied'] as const;
export type TopologyName = (typeof TOPOLOGY_NAMES)[number];

export const HOST_NAMES = ['client', 'router', 'balancer', 'server'] as const;
export type HostName = (typeof HOST_NAMES)[number];

/** What a lab needs of its hosts beside the programs' toolchains; not every machine has all of it. */
export const NEEDS = ['nft', 'conntrack', 'ss', 'haproxy', 'raw-sockets', 'memory-limit'] as const;
export type Need = (typeof NEEDS)[number];

/** Needs that somebody must meet who may change a host's network; the others are met by the hosts' making. */
const OF_ADMINISTRATORS: ReadonlySet<Need> = new Set(['nft', 'conntrack', 'ss', 'raw-sockets']);

/** Whether hosts with such needs must have administrators. */
export function needsAdministrator(needs: readonly Need[]): boolean {
  return needs.some((need) => OF_ADMINISTRATORS.has(need));
}

/** Settings of a host's kernel by their names: `net.ipv4.tcp_retries2`. */
export type Sysctls = Readonly<Record<string, number>>;

/** The hosts of a topology, from the client to the server. */
export const HOSTS_OF: Readonly<Record<TopologyName, readonly HostName[]>> = {
  direct: ['client', 'server'],
  routed: ['client', 'router', 'server'],
  proxied: ['client', 'balancer', 'server'],
};
