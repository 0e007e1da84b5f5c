import { randomInt } from 'node:crypto';
import { HOSTS_OF, type HostName, type TopologyName } from '../../catalog/topology.ts';

/** A host's place in its topology. */
export type HostNetwork = {
  readonly name: HostName;
  /** Its address on the link towards the client; the client has but one link. */
  readonly address: string;
  /** What gives it its addresses and routes: commands for `ip -batch`, a line each. */
  readonly commands: string;
};

/** The two ends of a link, the client's side first. */
type Link = readonly [near: string, far: string];

const PREFIX = { 4: 24, 6: 64 } as const;

/** The hosts of a topology, from the client to the server, with addresses that are drawn at random. */
export function drawNetwork(kind: TopologyName, ip: 4 | 6): HostNetwork[] {
  const names = HOSTS_OF[kind];
  const links = drawLinks(names.length - 1, ip);
  const [nearest, farthest] = [links[0], links.at(-1)];
  return names.map((name, place) => {
    // Towards the client a host's link is its eth0; only the client's own leads towards the server.
    const ends = [links[place - 1]?.[1], links[place]?.[0]].filter((end) => end !== undefined);
    const router =
      kind !== 'routed'
        ? undefined
        : name === 'client'
          ? nearest?.[1]
          : name === 'server'
            ? farthest?.[0]
            : undefined;
    return {
      name,
      address: ends[0] ?? '',
      commands: [
        'link set lo up',
        ...ends.flatMap((address, number) => [
          `address add ${address}/${PREFIX[ip]} dev eth${number}`,
          `link set eth${number} up`,
        ]),
        ...(router === undefined ? [] : [`route add default via ${router}`]),
      ].join('\n'),
    };
  });
}

/**
 * Addresses of the ranges for benchmarks (RFC 2544, RFC 5180): nobody outside of the namespaces sees them,
 * but the kernel's trace shows all namespaces at once, and tells them apart by addresses only.
 */
function drawLinks(count: number, ip: 4 | 6): Link[] {
  const subnets = new Set<string>();
  while (subnets.size < count) {
    subnets.add(
      ip === 4
        ? `198.${randomInt(18, 20)}.${randomInt(256)}.`
        : `2001:2:0:${randomInt(1, 0x1_0000).toString(16)}::`,
    );
  }
  return [...subnets].map((subnet) => {
    const host = randomInt(1, ip === 4 ? 254 : 0xffff);
    const ends = [host, host + 1].map((end) => `${subnet}${ip === 4 ? end : end.toString(16)}`);
    return ends as [string, string];
  });
}
