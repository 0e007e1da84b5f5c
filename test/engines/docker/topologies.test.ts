// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the shell's variables.
import type { ExecutionContext } from 'ava';
import { HOSTS_OF, NEEDS, TOPOLOGY_NAMES } from '../../../runners/catalog/topology.ts';
import { until, within } from '../../../runners/deadline.ts';
import type { Program } from '../../../runners/engines/agent/program.ts';
import type { Engine, Host, Topology } from '../../../runners/engines/engine.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { parseCounters } from '../../../runners/evidence/counters.ts';
import { type Datagram, decodeFrame, type TcpSegment } from '../../../runners/evidence/segment.ts';
import { parseSockets, type Socket } from '../../../runners/evidence/sockets.ts';
import { EnvironmentError } from '../../../runners/user-error.ts';
import { specOf, withEngine } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

const PORT = 5000;

/** Accepts connections and answers each line with itself. */
const ECHO = [
  'import os, socket',
  `s = socket.create_server(("", ${PORT}), family=socket.AF_INET6, dualstack_ipv6=True)`,
  'os.write(3, b"listens\\n")',
  'while True:\n c, a = s.accept()\n for line in c.makefile("rb"): c.sendall(line)',
];
/** Sends `first`, then each line that it is told, and tells what comes back. */
const TALK = [
  'exec 4<>"/dev/tcp/$0/$1" && echo first >&4',
  'while read -r -u 4 answer && echo "got $answer" >&3 && read -r more; do echo "$more" >&4; done',
  'echo over >&3',
].join('; ');

function python(agent: Host['agent'], name: string, lines: readonly string[]): Program {
  const text = JSON.stringify(lines.join('\n'));
  return agent.start(name, '/', ['python3', '-c', `exec(${text})`]);
}

/** Waits until a program has told this. */
async function tells(program: Program, line: string): Promise<void> {
  await until(
    `"${line}" of ${program.name}`,
    async () => (program.lines.includes(line) ? true : undefined),
    { instead: async () => JSON.stringify([program.lines, await program.output()]) },
  );
}

/** Docker's name server listens in every container, too. */
const isListening = ({ state, localPort }: Socket) => state === 'LISTEN' && localPort === PORT;

/** All that was captured since the last call, with the mark at its end. */
async function captured({ hosts, capture }: Topology, mark: string): Promise<Datagram[]> {
  if (isUnavailable(capture)) throw new Error(capture.unavailable);
  const { address } = hosts.balancer ?? hosts.server;
  await capture.until(mark, () => hosts.client.agent.ask('mark', address, mark));
  const { linkType, records } = capture.take();
  return records.flatMap(({ bytes }) => decodeFrame(linkType, bytes) ?? []);
}

async function segments(topology: Topology, mark: string): Promise<TcpSegment[]> {
  const all = await captured(topology, mark);
  return all.flatMap((datagram) => (datagram.protocol === 'tcp' ? datagram : []));
}

/** Lets a server and, where the topology has one, HAProxy listen; returns the address to connect to. */
async function serve({ hosts }: Topology): Promise<string> {
  const server = python(hosts.server.programs, 'echo', ECHO);
  await tells(server, 'listens');
  if (!hosts.balancer) return hosts.server.address;
  const configuration = [
    'defaults',
    ' mode tcp',
    ' timeout connect 9s',
    ' timeout client 9s',
    ' timeout server 9s',
    'listen l',
    ` bind :::${PORT} v4v6`,
    ` server s ${hosts.server.address}:${PORT}`,
    '',
  ].join('\\n');
  const start = 'exec haproxy -db -q -f <(printf %b "$0")';
  const haproxy = hosts.balancer.agent.start('haproxy', '/', ['bash', '-c', start, configuration]);
  await until(
    'HAProxy listens',
    async () => {
      const { lines } = await (hosts.balancer as Host).agent.ask('sockets');
      return parseSockets(lines).some(isListening) || undefined;
    },
    { instead: async () => JSON.stringify([haproxy.status, await haproxy.output()]) },
  );
  return hosts.balancer.address;
}

function talk(host: Host, address: string, port = PORT): Program {
  // As an example program would be; a balancer has none.
  const agent = host.name === 'client' ? host.programs : host.agent;
  return agent.start('talk', '/', ['bash', '-c', TALK, address, String(port)]);
}

/** What becomes of connections to these addresses, in the words of the host's system. */
async function attempts(host: Host, addresses: readonly string[]): Promise<string[]> {
  const connect = 'for a; do { timeout 10 bash -c "echo >/dev/tcp/$a/22"; } 2>&1 & done; wait';
  const said = await host.agent.run('bash', '-c', connect, '-', ...addresses);
  return said.filter((line) => line.includes('/22: '));
}

for (const kind of TOPOLOGY_NAMES) {
  for (const ip of [4, 6] as const) {
    const name = `${kind}, IPv${ip}`;

    dockerTest(`${name}: a connection passes, and the capture sees all of it once`, async (t) => {
      await withEngine(t, async (engine, language) => {
        const topology = await engine.make(specOf(language, { kind, ip, needs: ['ss'] }));
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
      });
    });

    for (const needs of [[], ['nft']] as const) {
      dockerTest(`${name}, needs ${needs}: hosts reach nothing else`, async (t) => {
        await withEngine(t, async (engine, language) => {
          const topology = await engine.make(specOf(language, { kind, ip, needs }));
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
        });
      });
    }

    dockerTest(`${name}: administrators may change the network stack, others not`, async (t) => {
      await withEngine(t, async (engine, language) => {
        const topology = await engine.make(specOf(language, { kind, ip, needs: ['nft'] }));
        for (const host of Object.values(topology.hosts)) {
          await mayAdminister(t, engine, host);
        }
        for (const host of [topology.hosts.client, topology.hosts.server]) {
          t.regex((await host.programs.run('cat', '/proc/1/status')).join('\n'), /^CapBnd:\s+0+$/m);
          const mark = 'import socket; socket.socket().setsockopt(socket.SOL_SOCKET, 36, 1)';
          const { lines } = await host.programs.ask('run', 'python3', '-c', mark);
          t.regex(lines.join(), /PermissionError/);
        }
      });
    });

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

dockerTest(
  'IPv6: no host has a way to the link-local and multicast addresses of others',
  async (t) => {
    await withEngine(t, async (engine, language) => {
      const { hosts } = await engine.make(
        specOf(language, { kind: 'proxied', ip: 6, needs: ['haproxy', 'ss'] }),
      );
      for (const { name, administrator } of Object.values(hosts)) {
        const ip6 = async (...words: string[]) =>
          (await administrator.run('ip', '-6', '-o', ...words)).filter((line) => line !== '');
        // Addresses that the kernel is about to take would bring routes of their own.
        t.deepEqual(await ip6('address', 'show', 'tentative'), [], name);
        const own = (await ip6('address', 'show', 'scope', 'link')).map(
          (line) => /inet6 (\S+)/.exec(line)?.[1],
        );
        t.is(own.length, name === 'balancer' ? 2 : 1);
        const routes = await ip6('route', 'show', 'table', 'all');
        const ways = routes.filter((line) => /^(multicast )?(default|fe80:|ff)/.test(line));
        const harmless = (line: string) =>
          line.startsWith('multicast ff02::1:ff00:0/104 ') ||
          own.includes(`${line.split(' ')[0]}/128`);
        t.deepEqual(
          ways.filter((line) => !harmless(line)),
          [],
          name,
        );
      }
    });
  },
);

dockerTest('a router tells nobody of a shorter way', async (t) => {
  await withEngine(t, async (engine, language) => {
    for (const ip of [4, 6] as const) {
      const topology = await engine.make(specOf(language, { kind: 'routed', ip, needs: ['nft'] }));
      const { client, router } = topology.hosts;
      await router?.administrator.run(
        'nft',
        'insert rule inet reset_labs_link output icmp type redirect counter; insert rule inet reset_labs_link output icmpv6 type nd-redirect counter',
      );
      const address = await serve(topology);
      await tells(talk(client, address), 'got first');
      const rules = await router?.administrator.run('nft', 'list table inet reset_labs_link');
      // It would have: the rule that drops it met something.
      t.regex(rules?.join('\n') ?? '', /redirect counter packets [1-9]/);
      const routes = await client.administrator.run('ip', `-${ip}`, 'route', 'get', address);
      t.regex(routes.join(), new RegExp(` via ${router?.address} `));
    }
  });
});

dockerTest('what a router sends to others is not in the capture of the client', async (t) => {
  await withEngine(t, async (engine, language) => {
    const topology = await engine.make(specOf(language, { kind: 'routed', needs: ['ss'] }));
    const { router, server } = topology.hosts;
    // A bridge sends a frame whose receiver it does not know to all its ports.
    const nobody = ['lladdr', '02:00:00:00:00:99', 'dev', 'eth0', 'nud', 'permanent'];
    await router?.administrator.run('ip', 'neighbour', 'replace', server.address, ...nobody);
    const seen = [...(await captured(topology, 'one')), ...(await captured(topology, 'two'))];
    t.deepEqual(
      seen.map(({ payload }) => Buffer.from(payload).toString()),
      ['one', 'two'],
    );
  });
});

dockerTest('sysctls are set, each on its host', async (t) => {
  await withEngine(t, async (engine, language) => {
    const topology = await engine.make(
      specOf(language, {
        kind: 'routed',
        sysctls: {
          client: { 'net.ipv4.tcp_retries2': 1 },
          server: { 'net.core.somaxconn': 0, 'net.ipv4.tcp_abort_on_overflow': 1 },
          router: {
            'net.netfilter.nf_conntrack_tcp_loose': 0,
            'net.netfilter.nf_conntrack_tcp_timeout_established': 2,
          },
        },
      }),
    );
    const { client, server, router } = topology.hosts;
    const value = async (host: Host | undefined, sysctl: string) =>
      (await host?.agent.run('cat', `/proc/sys/${sysctl.replaceAll('.', '/')}`))?.join();
    t.is(await value(client, 'net.ipv4.tcp_retries2'), '1');
    t.not(await value(server, 'net.ipv4.tcp_retries2'), '1');
    t.is(await value(server, 'net.core.somaxconn'), '0');
    t.is(await value(server, 'net.ipv4.tcp_abort_on_overflow'), '1');
    t.is(await value(router, 'net.netfilter.nf_conntrack_tcp_loose'), '0');
    t.is(await value(router, 'net.netfilter.nf_conntrack_tcp_timeout_established'), '2');
    t.is(await value(router, 'net.ipv4.ip_forward'), '1');
    t.throws(() => client.administrator, { message: /client.*without an administrator/ });
  });
});

for (const [sysctl, value, message] of [
  ['net.ipv4.nonsense', 1, /cannot set the sysctl net\.ipv4\.nonsense to 1 .*no such file/],
  [
    'net.ipv4.tcp_retries2',
    9999,
    /cannot set the sysctl net\.ipv4\.tcp_retries2 to 9999 .*invalid/,
  ],
  ['vm.swappiness', 1, /cannot set the sysctl vm\.swappiness to 1 .*not in a separate/],
  [
    'net.netfilter.nf_conntrack_nonsense',
    1,
    /cannot set the sysctl net\.netfilter\.nf_conntrack_nonsense .*modprobe nf_conntrack/,
  ],
] as const) {
  dockerTest(`the sysctl ${sysctl} = ${value} is refused by its name`, async (t) => {
    await withEngine(t, async (engine, language) => {
      const spec = specOf(language, { sysctls: { server: { [sysctl]: value } } });
      await t.throwsAsync(engine.make(spec), { instanceOf: EnvironmentError, message });
    });
  });
}

dockerTest('a server that takes too much memory is killed, its host goes on', async (t) => {
  await withEngine(t, async (engine, language) => {
    const { hosts } = await engine.make(specOf(language, { needs: ['memory-limit', 'ss'] }));
    const program = python(hosts.server.programs, 'grow', [
      'import os',
      'os.write(3, b"grows\\n")',
      'pieces = [b"x" * 1048576 for _ in range(1024)]',
    ]);
    t.is(await program.exited, 137);
    t.deepEqual(program.lines, ['grows']);
    t.deepEqual(await hosts.server.programs.run('echo', 'still here'), ['still here']);
    t.deepEqual(await hosts.server.administrator.run('echo', 'still here'), ['still here']);
  });
});

dockerTest('a server whose kernel cannot forget is made again', async (t) => {
  await withEngine(t, async (engine, language) => {
    const topology = await engine.make(specOf(language, { kind: 'routed', needs: ['nft'] }));
    const { client, server } = topology.hosts;
    const { address, agent, programs, administrator } = server;
    await tells(python(programs, 'echo', ECHO), 'listens');
    const program = talk(client, address);
    await tells(program, 'got first');
    await segments(topology, 'before');
    // Its cable cannot be cut: there is another chain of that name.
    await administrator.run(
      'nft',
      'add table inet reset_labs_cut; add chain inet reset_labs_cut leaving { type filter hook input priority 0 ; }',
    );
    t.deepEqual(await topology.rebootServer(), []);
    await t.throwsAsync(agent.run('true'), { message: /has ended/ });
    await t.throwsAsync(programs.run('true'), { message: /has ended/ });
    t.is(server.address, address);
    t.deepEqual(await server.programs.run('echo', 'here'), ['here']);
    t.deepEqual(await segments(topology, 'between'), []);
    await program.input('second');
    await within('the end of the client', program.exited);
    t.deepEqual(program.lines, ['got first', 'over']);
  });
});

dockerTest('a server that comes back knows nothing of what was', async (t) => {
  await withEngine(t, async (engine, language) => {
    const topology = await engine.make(specOf(language, { needs: ['nft'] }));
    const { client, server } = topology.hosts;
    const files = ['/run/lab', '/dev/shm'];
    await tells(python(server.programs, 'echo', ECHO), 'listens');
    const program = talk(client, server.address);
    await tells(program, 'got first');
    for (const folder of files) await server.programs.run('touch', `${folder}/left`);
    await server.administrator.run(
      'nft',
      'add table inet reset_labs; add chain inet reset_labs input { type filter hook input priority 0 ; policy drop ; }',
    );
    await segments(topology, 'before');
    const counted = parseCounters(await topology.rebootServer());
    t.true((counted.InSegs ?? 0) > 0);
    for (const folder of files) t.deepEqual(await server.programs.run('ls', folder), ['']);
    t.notRegex((await server.administrator.run('nft', 'list tables')).join(), /reset_labs/);
    const sockets = parseSockets((await server.agent.ask('sockets')).lines);
    t.deepEqual(
      sockets.filter(({ state }) => state !== 'LISTEN').concat(sockets.filter(isListening)),
      [],
    );
    t.regex(
      (await server.administrator.run('conntrack', '-L')).join(),
      /^(conntrack .*: 0 flow.*)?$/,
    );
    const processes = await server.programs.run('bash', '-c', 'echo /proc/[0-9]*');
    // The agent, its subshell for this command, and the command.
    t.is(processes.join().split(' ').length, 3, processes.join());
    // What it was counting when it was killed is counted no more.
    const after = parseCounters((await server.agent.ask('counters')).lines);
    t.is(after.OutRsts, counted.OutRsts);
    t.deepEqual(await segments(topology, 'between'), []);
    // Once more.
    t.true((parseCounters(await topology.rebootServer()).InSegs ?? 0) > 0);
    t.deepEqual(await server.programs.run('echo', 'here'), ['here']);
  });
});

dockerTest('both looks at the sockets of a host say the same', async (t) => {
  await withEngine(t, async (engine, language) => {
    const { hosts } = await engine.make(specOf(language, {}));
    const { client, server } = hosts;
    const listener = `s = socket.create_server(("", ${PORT}), family=socket.AF_INET6, dualstack_ipv6=True)`;
    const listens = python(server.programs, 'accept', [
      ...['import os, socket, time', listener, 'os.write(3, b"listens\\n")'],
      ...['held = [s.accept() for _ in range(4)]', 'held.pop()[0].close()'],
      ...['os.write(3, b"accepted\\n")', 'time.sleep(600)'],
    ]);
    await tells(listens, 'listens');
    const address = JSON.stringify([server.address, PORT]);
    const connects = python(client.programs, 'connect', [
      ...[
        'import os, socket, time',
        `c = [socket.create_connection(${address}) for _ in range(5)]`,
      ],
      // One with bytes that nobody reads, one that is half closed, one of which the peer has closed.
      ...['c[0].send(b"unread")', 'c[1].shutdown(socket.SHUT_WR)', 'c[3].recv(1)', 'c[3].close()'],
      ...['os.write(3, b"done\\n")', 'time.sleep(600)'],
    ]);
    await tells(connects, 'done');
    const states = new Set<string>();
    for (const { name, agent, programs } of [client, server]) {
      const look = async (by: typeof agent) => {
        const { lines, status } = await by.ask('sockets');
        t.is(status, 0);
        return parseSockets(lines)
          .map((socket) => JSON.stringify(socket))
          .sort();
      };
      const bySs = await look(agent);
      t.deepEqual(bySs, await look(programs), name);
      for (const line of bySs) states.add((JSON.parse(line) as Socket).state);
    }
    const all = ['CLOSE-WAIT', 'ESTABLISHED', 'FIN-WAIT-2', 'LISTEN', 'TIME-WAIT'];
    t.deepEqual([...states].sort(), all);
  });
});

dockerTest('nothing is lacking', async (t) => {
  await withEngine(t, async (engine) => {
    for (const need of NEEDS) t.is(await engine.lacks(need), undefined);
  });
});

dockerTest('hosts that are closed while a server reboots leave nothing', async (t) => {
  await withEngine(t, async (engine, language) => {
    const topology = await engine.make(specOf(language, { needs: ['ss'] }));
    const { programs } = topology.hosts.server;
    const reboot = topology.rebootServer();
    reboot.catch(() => {});
    // It is lost with its host.
    await t.throwsAsync(programs.start('sleep', '/', ['sleep', '600']).exited);
    await topology.close();
    // Whether it was back before or not.
    await reboot.catch((error) => t.regex(String(error), /taken away|has ended/));
    await t.throwsAsync(topology.rebootServer(), { message: /has ended/ });
  });
});
