// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the shell's variables.
import type { ExecutionContext } from 'ava';
import { HOSTS_OF, type TopologyName } from '../../runners/catalog/topology.ts';
import { within } from '../../runners/deadline.ts';
import type { Engine, Host, Topology } from '../../runners/engines/engine.ts';
import type { TcpSegment } from '../../runners/evidence/segment.ts';
import { parseSockets } from '../../runners/evidence/sockets.ts';
import { specOf, withEngine } from '../engines/docker/_docker.ts';
import { dockerTest } from '../engines/docker/_docker-test.ts';

import {
  attempts,
  ECHO,
  PORT,
  python,
  segments,
  serve,
  TALK,
  talk,
  tells,
} from '../engines/docker/_talking.ts';

/** Each kind, and each IP version: addresses are all in which kinds of another version differ. */
const WAYS = [
  ['direct', 4],
  ['routed', 6],
  ['proxied', 4],
] as const satisfies readonly (readonly [TopologyName, 4 | 6])[];

for (const [kind, ip] of WAYS) {
  const name = `${kind}, IPv${ip}`;

  dockerTest(
    `${name}: a connection passes, the capture sees all of it once, hosts reach nothing else`,
    async (t) => {
      await withEngine(t, async (engine, language) => {
        const topology = await engine.make(specOf(language, { kind, ip }));
        const { hosts } = topology;
        t.deepEqual(Object.keys(hosts), [...HOSTS_OF[kind]]);
        const address = await serve(topology);
        t.is(address.includes(':'), ip === 6);
        const client = talk(hosts.client, address);
        await tells(client, 'got first');
        const seen = await segments(topology, 'the first mark');
        const [syn, answer] = seen;
        t.like(syn, { flags: ['SYN'], ttl: 64, source: { address: hosts.client.address } });
        t.like(answer, { flags: ['SYN', 'ACK'], source: { address, port: PORT } });
        t.true(seen.every(({ ttl, source }) => ttl === expectedTtl(source.address, topology)));
        t.is(seen.filter(({ flags }) => flags.includes('SYN')).length, 2);
        eachOnce(t, seen);
        await reachNothingElse(t, topology);
      });
    },
  );

  dockerTest(
    `${name}: administrators may change the network stack, others not, and hosts reach nothing else`,
    async (t) => {
      await withEngine(t, async (engine, language) => {
        const topology = await engine.make(specOf(language, { kind, ip, needs: ['nft'] }));
        for (const host of Object.values(topology.hosts)) {
          await mayAdminister(t, engine, host);
        }
        await reachNothingElse(t, topology);
        for (const host of [topology.hosts.client, topology.hosts.server]) {
          t.regex((await host.programs.run('cat', '/proc/1/status')).join('\n'), /^CapBnd:\s+0+$/m);
          const mark = 'import socket; socket.socket().setsockopt(socket.SOL_SOCKET, 36, 1)';
          const { lines } = await host.programs.ask('run', 'python3', '-c', mark);
          t.regex(lines.join(), /PermissionError/);
        }
      });
    },
  );

  dockerTest(`${name}: a reboot of the server is known to nobody before they ask`, async (t) => {
    await withEngine(t, async (engine, language) => {
      const sysctls = { server: { 'net.ipv4.tcp_retries2': 4 } };
      const spec = specOf(language, { kind, ip, sysctls, needs: ['nft'] });
      const topology = await engine.make(spec);
      const { client, server } = topology.hosts;
      // A balancer would answer in the name of the server; next to the server nothing stands between.
      const observer = topology.hosts.balancer ?? client;
      const { address, agent, programs } = server;
      await tells(python(programs, 'echo', ECHO), 'listens');
      const program = talk(observer, address);
      await tells(program, 'got first');
      await segments(topology, 'before');

      await topology.rebootServer();
      t.is(server.address, address);
      t.not(server.agent, agent);
      t.not(server.programs, programs);
      await t.throwsAsync(agent.run('true'), { message: /was rebooted/ });
      await t.throwsAsync(programs.run('true'), { message: /was rebooted/ });
      t.deepEqual(await server.agent.run('cat', '/proc/sys/net/ipv4/tcp_retries2'), ['4']);
      await mayAdminister(t, engine, server);
      const states = async () =>
        parseSockets((await observer.agent.ask('sockets')).lines)
          .filter(({ remotePort }) => remotePort === PORT)
          .map(({ state }) => state);
      t.deepEqual(await states(), ['ESTABLISHED']);
      t.deepEqual(await segments(topology, 'between'), []);

      await program.input('second');
      await within('the end of the client', program.exited);
      t.deepEqual(program.lines, ['got first', 'over']);
      t.deepEqual(await states(), []);
      if (observer === client) {
        const after = await segments(topology, 'after');
        t.true(after.every(({ flags }) => !flags.includes('FIN')));
        eachOnce(t, after);
        const [reset, ...more] = after.filter(({ flags }) => flags.includes('RST'));
        t.like(reset, { source: { address }, ttl: expectedTtl(address, topology) });
        t.deepEqual(more, []);
      }
      // The neighbours know each other still, and what was set is set again.
      const again = await serve(topology);
      await tells(
        client.agent.start('more', '/', ['bash', '-c', TALK, again, `${PORT}`]),
        'got first',
      );
      t.true((await segments(topology, 'the end')).length > 0);
      await topology.rebootServer();
      t.deepEqual(await server.agent.run('cat', '/proc/sys/net/ipv4/tcp_retries2'), ['4']);
    });
  });
}

/** On a network of three hosts, one would also see what a router sends on for it. */
function eachOnce(t: ExecutionContext, seen: readonly TcpSegment[]): void {
  const texts = seen.map(({ seq, ack, length, flags }) => `${seq} ${ack} ${length} ${flags}`);
  t.deepEqual([...new Set(texts)], texts);
}

/** 64 at the start, one less behind a router. */
function expectedTtl(source: string, { hosts }: Topology): number {
  return hosts.router && source === hosts.server.address ? 63 : 64;
}

/** Addresses of Docker's machine, of other networks and, behind a balancer, of the other side. */
function elsewhere({ name, address }: Host, { hosts }: Topology): string[] {
  const beyond = hosts.balancer && name !== 'balancer';
  const other = beyond ? [hosts[name === 'client' ? 'server' : 'client'].address] : [];
  if (!address.includes(':')) {
    const gateway = address.replace(/\d+$/, (last) => String((Number(last) & 240) + 1));
    return [gateway, '172.17.0.1', '192.0.2.1', ...other];
  }
  const gateway = address.replace(/[0-9a-f]$/, '1');
  return [gateway, 'fe80::1%eth0', '2001:db8::1', '172.17.0.1', ...other];
}

async function reachNothingElse(t: ExecutionContext, topology: Topology): Promise<void> {
  await Promise.all(
    Object.values(topology.hosts).map(async (host) => {
      const addresses = elsewhere(host, topology);
      const said = await attempts(host, addresses);
      const refused = said.filter((line) =>
        /22: (No route to host|Network is unreachable)/.test(line),
      );
      t.is(refused.length, addresses.length, `${host.name}: ${said.join('; ')}`);
    }),
  );
}

async function mayAdminister(t: ExecutionContext, engine: Engine, host: Host): Promise<void> {
  const { administrator } = host;
  await administrator.run('nft', 'add table inet reset_labs; add chain inet reset_labs input');
  t.regex((await administrator.run('nft', 'list', 'tables')).join(), /inet reset_labs\b/);
  await administrator.run('nft', 'delete table inet reset_labs');
  t.notRegex((await administrator.run('nft', 'list', 'tables')).join(), /inet reset_labs(,|$)/);
  await administrator.run('conntrack', '-L');
  await administrator.run('ss', '-tK', 'state', 'connected');
  const [first, second] = host.address.includes(':') ? ['::1', '::1'] : ['127.0.0.1', '127.0.0.1'];
  await administrator.run('python3', engine.tool('forge-reset.py'), first, '1', second, '2', '3');
}
