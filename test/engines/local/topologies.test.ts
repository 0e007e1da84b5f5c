import test from 'ava';
import { HOSTS_OF, TOPOLOGY_NAMES } from '../../../runners/catalog/topology.ts';
import { until } from '../../../runners/deadline.ts';
import type { Host } from '../../../runners/engines/engine.ts';
import {
  connect,
  engineFor,
  listen,
  PORT,
  says,
  segments,
  sockets,
  specOf,
  topologyFor,
} from './_local.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;
const RANGE = { 4: /^198\.1[89]\./, 6: /^2001:2:0:/ } as const;

for (const ip of [4, 6] as const) {
  onLinux(`IPv${ip}: each topology has its hosts, with addresses for benchmarks`, async (t) => {
    const engine = await engineFor(t);
    for (const kind of TOPOLOGY_NAMES) {
      const { hosts } = await engine.make(specOf({ kind, ip }));
      t.deepEqual(Object.keys(hosts).sort(), [...HOSTS_OF[kind]].sort());
      for (const name of HOSTS_OF[kind]) {
        const host = hosts[name] as Host;
        t.is(host.name, name);
        t.regex(host.address, RANGE[ip]);
        const limits = await host.agent.run('bash', '-c', 'ulimit -Sn; ulimit -Hn');
        t.deepEqual(limits, ['1024', '1024']);
      }
    }
  });

  for (const kind of ['direct', 'routed'] as const) {
    onLinux(`IPv${ip}, ${kind}: a connection passes and is captured`, async (t) => {
      const topology = await topologyFor(t, { kind, ip });
      const { client, server } = topology.hosts;
      await listen(server);
      const asking = await connect(client, server.address);
      await asking.input('there and back');
      await says(asking, 'read there and back');
      const seen = await segments(topology);
      t.deepEqual(
        seen.slice(0, 2).map(({ flags }) => flags.join()),
        ['SYN', 'SYN,ACK'],
      );
      const lives = ({ address }: Host) => [
        ...new Set(seen.flatMap(({ source, ttl }) => (source.address === address ? ttl : []))),
      ];
      t.deepEqual(lives(client), [64]);
      t.deepEqual(lives(server), [kind === 'routed' ? 63 : 64]);
    });
  }

  onLinux(`IPv${ip}, proxied: HAProxy joins the client's connection with its own`, async (t) => {
    const engine = await engineFor(t);
    if (await engine.lacks('haproxy')) return t.pass('there is no HAProxy here');
    const topology = await topologyFor(t, { kind: 'proxied', ip });
    const { client, server } = topology.hosts;
    const balancer = topology.hosts.balancer as Host;
    await listen(server);
    const direct = await client.agent.ask(
      'run',
      'bash',
      '-c',
      `>/dev/tcp/${server.address}/${PORT}`,
    );
    t.regex(direct.lines.join(), /Network is unreachable/);

    const at = ({ address }: Host) => `${ip === 6 ? `[${address}]` : address}:${PORT}`;
    const times = ['connect', 'client', 'server'].map((what) => `timeout ${what} 1m`);
    const ends = [`bind ${at(balancer)}`, `server one ${at(server)}`];
    const lines = ['defaults', ...times, 'listen all', ...ends, ''].join('\\n');
    const start = 'exec haproxy -db -f <(printf %b "$0")';
    balancer.agent.start('haproxy', '/', ['bash', '-c', start, lines]);
    await until('HAProxy listens', async () => (await sockets(balancer)).length > 0 || undefined);

    const asking = await connect(client, balancer.address);
    await asking.input('through both');
    await says(asking, 'read through both');
    const peers = (await segments(topology)).map(({ source }) => source.address);
    t.deepEqual([...new Set(peers)], [client.address, balancer.address]);
  });
}

onLinux(
  'IPv6: from the beginning, each link can send and all its addresses are looked for',
  async (t) => {
    const engine = await engineFor(t);
    for (const kind of TOPOLOGY_NAMES) {
      const { hosts } = await engine.make(specOf({ kind, ip: 6 }));
      for (const name of HOSTS_OF[kind]) {
        const lines = (await hosts[name]?.agent.run('cat', '/proc/net/if_inet6')) ?? [];
        const addresses = lines.map((line) => line.split(/ +/));
        const isMiddle = name === 'router' || name === 'balancer';
        t.deepEqual(
          addresses.flatMap(([, , , scope, , device]) => (scope === '20' ? device : [])).sort(),
          isMiddle ? ['eth0', 'eth1'] : ['eth0'],
          `${kind}, ${name}: link-local addresses`,
        );
        const tentative = addresses.filter(
          ([, , , , flags]) => Number.parseInt(flags ?? '', 16) & 0x40,
        );
        t.deepEqual(tentative, [], `${kind}, ${name}`);
      }
    }
  },
);

onLinux('sysctls are set on the host for which they are meant', async (t) => {
  const sysctls = { client: { 'net.ipv4.tcp_retries2': 3 }, server: { 'net.core.somaxconn': 0 } };
  const { client, server } = (await topologyFor(t, { sysctls })).hosts;
  const read = (host: Host) =>
    host.agent.run('cat', '/proc/sys/net/ipv4/tcp_retries2', '/proc/sys/net/core/somaxconn');
  const [ofClient, ofServer] = [await read(client), await read(server)];
  t.is(ofClient[0], '3');
  t.not(ofServer[0], '3');
  t.is(ofServer[1], '0');
  t.not(ofClient[1], '0');
});

for (const [what, setting] of [
  ['that is not there', ['net.ipv4.tcp_no_such_thing', 1]],
  ['whose value the kernel refuses', ['net.ipv4.tcp_retries2', -1]],
] as const) {
  onLinux(`a sysctl ${what} is an error that names it`, async (t) => {
    const [name, value] = setting;
    const engine = await engineFor(t);
    await t.throwsAsync(engine.make(specOf({ sysctls: { server: { [name]: value } } })), {
      message: `the namespaces could not be made: host server: the sysctl ${name} cannot be set to ${value}`,
    });
  });
}

onLinux('an administrator may change the firewall of each host', async (t) => {
  const engine = await engineFor(t);
  if (await engine.lacks('nft')) return t.pass('there is no nft here');
  const { hosts } = await engine.make(specOf({ kind: 'routed', needs: ['nft'] }));
  for (const name of HOSTS_OF.routed) {
    const { administrator } = hosts[name] as Host;
    await administrator.run('nft', 'add table inet lab; add chain inet lab passing');
    t.deepEqual(await administrator.run('nft', 'list', 'tables'), ['table inet lab']);
    await administrator.run('nft', 'delete table inet lab');
    t.deepEqual(await administrator.run('nft', 'list', 'tables'), ['']);
  }
});

onLinux('without needs nobody is administrator', async (t) => {
  const { hosts } = await topologyFor(t, {});
  t.throws(() => hosts.server.administrator, { message: /^host server has no administrator/ });
});

onLinux('the router knows the connections that pass', async (t) => {
  const engine = await engineFor(t);
  if ((await engine.lacks('nft')) || (await engine.lacks('conntrack'))) return t.pass();
  const topology = await topologyFor(t, { kind: 'routed', needs: ['nft', 'conntrack'] });
  const { client, server } = topology.hosts;
  const { administrator } = topology.hosts.router as Host;
  const chain = 'add chain inet lab passing { type filter hook forward priority 0; }';
  await administrator.run(
    'nft',
    `add table inet lab; ${chain}; add rule inet lab passing ct state established accept`,
  );
  await listen(server);
  await connect(client, server.address);
  const known = await administrator.run('conntrack', '--dump', '--proto', 'tcp');
  t.regex(known.join('\n'), new RegExp(`ESTABLISHED src=${client.address} dst=${server.address} `));
});

onLinux('keys tell apart what differs and nothing else', async (t) => {
  const engine = await engineFor(t);
  const key = (spec: Parameters<typeof specOf>[0]) => engine.keys(specOf(spec))[0];
  const one = { 'net.ipv4.tcp_retries2': 1, 'net.ipv4.tcp_retries1': 2 };
  const other = { 'net.ipv4.tcp_retries1': 2, 'net.ipv4.tcp_retries2': 1 };
  t.is(key({ sysctls: { client: one } }), key({ sysctls: { client: other, server: {} } }));
  t.is(key({ needs: ['nft'] }), key({ needs: ['ss', 'nft'] }));
  const different = [
    key({}),
    key({ kind: 'routed' }),
    key({ ip: 6 }),
    key({ sysctls: { client: one } }),
    key({ sysctls: { server: one } }),
    key({ needs: ['nft'] }),
    key({ needs: ['memory-limit'] }),
  ];
  t.is(new Set(different).size, different.length);
});

onLinux('an engine that is closed makes nothing any more', async (t) => {
  const engine = await engineFor(t);
  await engine.close();
  await t.throwsAsync(engine.make(specOf({})), { message: 'the engine is closed' });
  await t.throwsAsync(engine.trace(), { message: 'the engine is closed' });
});

onLinux('what is being made when the engine is closed is taken away', async (t) => {
  const engine = await engineFor(t);
  const making = TOPOLOGY_NAMES.map((kind) => engine.make(specOf({ kind })));
  await engine.close();
  for (const topology of await Promise.all(making)) {
    for (const host of Object.values(topology.hosts)) {
      await t.throwsAsync(host.agent.run('true'), { message: /has ended/ });
    }
  }
});
