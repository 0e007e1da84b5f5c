import test from 'ava';
import { type Links, routeCommands } from '../../../runners/engines/docker/routes.ts';

const links4: Links = {
  kind: 'routed',
  addresses: {
    client: { ipv4: '198.19.0.2' },
    router: { ipv4: '198.19.0.3' },
    server: { ipv4: '198.19.0.4' },
  },
  gateways: {
    client: [{ ipv4: '198.19.0.1' }],
    router: [{ ipv4: '198.19.0.1' }],
    server: [{ ipv4: '198.19.0.1' }],
  },
};

function said(...of: Parameters<typeof routeCommands>): string[] {
  return routeCommands(...of).map((words) => words.join(' '));
}

test('nobody keeps a default route', (t) => {
  t.deepEqual(said('client', { ...links4, kind: 'direct' }), ['ip route flush exact default']);
});

test('client and server reach each other through the router', (t) => {
  t.is(said('client', links4).at(-1), 'ip route add 198.19.0.4/32 via 198.19.0.3');
  t.is(said('server', links4).at(-1), 'ip route add 198.19.0.2/32 via 198.19.0.3');
});

test('the router sends no redirects', (t) => {
  const last = said('router', links4).at(-1) ?? '';
  t.regex(last, /^nft .*icmp type redirect drop;.*icmpv6 type nd-redirect drop$/);
});

test('with IPv6 each device loses its ways to the bridge', (t) => {
  const links: Links = {
    kind: 'proxied',
    addresses: { balancer: { ipv4: '198.19.0.3', ipv6: 'fd00::c613:3' } },
    gateways: {
      balancer: [
        { ipv4: '198.19.0.1', ipv6: 'fd00::c613:1' },
        { ipv4: '198.19.0.17', ipv6: 'fd00::c613:11' },
      ],
    },
  };
  const device = (name: string) => [
    `ip -6 address flush dev ${name} scope link`,
    `ip -6 address add fe80::c613:3/128 dev ${name} nodad`,
    `ip -6 route flush table local type multicast exact ff00::/8 dev ${name}`,
    `ip -6 route append multicast ff02::1:ff00:0/104 dev ${name} table local`,
  ];
  t.deepEqual(said('balancer', links), [
    'ip route flush exact default',
    'ip -6 route flush exact default',
    'ip -6 route add unreachable fd00::c613:1/128',
    'ip -6 route add unreachable fd00::c613:11/128',
    ...device('eth0'),
    ...device('eth1'),
  ]);
});
