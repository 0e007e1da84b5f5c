import { NEEDS } from '../../../runners/catalog/topology.ts';
import { within } from '../../../runners/deadline.ts';
import type { Host } from '../../../runners/engines/engine.ts';
import { parseCounters } from '../../../runners/evidence/counters.ts';
import { parseSockets, type Socket } from '../../../runners/evidence/sockets.ts';
import { EnvironmentError } from '../../../runners/user-error.ts';
import { specOf, withEngine } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

import {
  captured,
  ECHO,
  isListening,
  PORT,
  python,
  segments,
  serve,
  talk,
  tells,
} from './_talking.ts';

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
