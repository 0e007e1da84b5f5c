import type { HostName, TopologyName } from '../../catalog/topology.ts';
import type { Addresses } from './subnet.ts';

/** What is to be known of a topology's networks to give its hosts their routes. */
export type Links = {
  readonly kind: TopologyName;
  readonly addresses: Readonly<Partial<Record<HostName, Addresses>>>;
  /** For each network of a host, the addresses of Docker's machine there. */
  readonly gateways: Readonly<Partial<Record<HostName, readonly Addresses[]>>>;
};

/**
 * The commands by which a host's administrator finishes its network stack. Docker gives routes to its own
 * machine also to hosts of internal networks, and knows of no router of ours.
 */
export function routeCommands(host: HostName, links: Links): string[][] {
  const own = links.addresses[host];
  const gateways = links.gateways[host] ?? [];
  return [
    ['ip', 'route', 'flush', 'exact', 'default'],
    ...(own?.ipv6 ? isolation6(own.ipv6, gateways) : []),
    ...(links.kind === 'routed' ? routing(host, links) : []),
  ];
}

/**
 * With IPv6, the bridge of a network has addresses of its own, an internal network's too: before Docker 28
 * nothing hinders it. No host keeps a way to them.
 */
function isolation6(own: string, gateways: readonly Addresses[]): string[][] {
  const ip6 = (...words: readonly string[]) => ['ip', '-6', ...words];
  return [
    ip6('route', 'flush', 'exact', 'default'),
    ...gateways.map(({ ipv6 }) => ip6('route', 'add', 'unreachable', `${ipv6}/128`)),
    ...gateways.flatMap((_, index) => {
      const device = ['dev', `eth${index}`];
      return [
        // The kernel's link-local address brings a route to all others. It also is tentative for a second
        // or two, and without one a router cannot ask for neighbours. So: one without both.
        ip6('address', 'flush', ...device, 'scope', 'link'),
        ip6('address', 'add', `${linkLocal(own)}/128`, ...device, 'nodad'),
        // Of multicast remains what asking for neighbours needs: the solicited-node addresses.
        ip6(
          'route',
          'flush',
          'table',
          'local',
          'type',
          'multicast',
          'exact',
          'ff00::/8',
          ...device,
        ),
        ip6('route', 'append', 'multicast', 'ff02::1:ff00:0/104', ...device, 'table', 'local'),
      ];
    }),
  ];
}

/** Unique on each link of a host, since its own address is. */
function linkLocal(own: string): string {
  return own.replace(/^.*::/, 'fe80::');
}

function routing(host: HostName, { addresses }: Links): string[][] {
  const { client, server, router } = addresses;
  if (host === 'router') return [['nft', NO_REDIRECTS.join('; ')]];
  const peer = host === 'client' ? server : client;
  if (!peer || !router) return [];
  return [
    ['ip', 'route', 'add', `${peer.ipv4}/32`, 'via', router.ipv4],
    ...(peer.ipv6 && router.ipv6
      ? [['ip', '-6', 'route', 'add', `${peer.ipv6}/128`, 'via', router.ipv6]]
      : []),
  ];
}

/**
 * Client and server are on one network, so the router would tell them to do without it. A rule, because the
 * sysctl `send_redirects` must be that of the interface: Docker makes it before it sets sysctls, and from 28
 * on takes none of an interface. For IPv6 there is no such sysctl.
 */
const NO_REDIRECTS = [
  'add table inet reset_labs_link',
  'add chain inet reset_labs_link output { type filter hook output priority 0 ; }',
  'add rule inet reset_labs_link output icmp type redirect drop',
  'add rule inet reset_labs_link output icmpv6 type nd-redirect drop',
];
