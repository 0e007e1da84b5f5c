import test from 'ava';
import type { Host } from '../../../runners/engines/engine.ts';
import type { TcpSegment } from '../../../runners/evidence/segment.ts';
import { connect, listen, node, PORT, says, segments, sockets, topologyFor } from './_local.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

/** The segments that end a connection; acknowledgments may still be under way. */
function ends(seen: readonly TcpSegment[]): string[] {
  const ending = seen.filter(({ flags }) => flags.includes('FIN') || flags.includes('RST'));
  return ending.map(({ source, flags }) => `${flags} from ${source.address}`);
}

for (const ip of [4, 6] as const) {
  for (const kind of ['direct', 'routed'] as const) {
    onLinux(`IPv${ip}, ${kind}: the client's connection outlives the server's host`, async (t) => {
      const topology = await topologyFor(t, { kind, ip, needs: ['ss'] });
      const { client, server } = topology.hosts;
      // It ends in good order when its input does: nobody may see that on the wire.
      const lost = await listen(server);
      const asking = await connect(client, server.address);
      const before = await segments(topology);
      t.is(before.at(0)?.flags.join(), 'SYN');

      await topology.rebootServer();
      await t.throwsAsync(lost.exited, { message: 'host server was rebooted' });
      t.true(lost.isLost);
      t.deepEqual(await sockets(server), []);
      t.regex((await sockets(client)).join('\n'), /^ESTAB /m);
      t.is(asking.status, undefined);
      t.deepEqual(ends(await segments(topology)), [], 'no segment tells of it');

      await asking.input('is somebody there?');
      await says(asking, 'ECONNRESET');
      const after = await segments(topology);
      const reset = after.at(-1);
      t.deepEqual(reset?.flags, ['RST']);
      t.is(reset?.source.address, server.address);
      t.is(reset?.ttl, kind === 'routed' ? 63 : 64);
      t.true(after.slice(0, -1).every(({ source }) => source.address === client.address));
    });
  }
}

for (const ip of [4, 6] as const) {
  onLinux(`IPv${ip}, proxied: behind the balancer the server comes back, too`, async (t) => {
    const { hosts, rebootServer } = await topologyFor(t, { kind: 'proxied', ip });
    const balancer = hosts.balancer as Host;
    await listen(hosts.server);
    await rebootServer();
    const asked = await balancer.agent.ask(
      'run',
      'bash',
      '-c',
      `>/dev/tcp/${hosts.server.address}/${PORT}`,
    );
    t.regex(asked.lines.join(), /Connection refused/);
    await listen(hosts.server);
    await connect(balancer, hosts.server.address);
    t.pass();
  });
}

onLinux('what was unread at the power cut is answered by nobody', async (t) => {
  const topology = await topologyFor(t, {});
  const { client, server } = topology.hosts;
  const hear = `const listener = require('node:net').createServer({ pauseOnConnect: true }, () => say('accepted'));
    listener.listen(${PORT}, () => say('listens'));`;
  const deaf = node(server, 'deaf', hear);
  await says(deaf, 'listens');
  const speak = `exec 4>/dev/tcp/${server.address}/${PORT}; echo unread >&4; echo said >&3; read`;
  const speaking = client.agent.start('speaking', '/', ['bash', '-c', speak]);
  await says(speaking, 'said');
  await says(deaf, 'accepted');
  await segments(topology);
  await topology.rebootServer();
  t.deepEqual(ends(await segments(topology)), []);
});

onLinux('the host after a reboot is as the one before, and new', async (t) => {
  const sysctls = { server: { 'net.ipv4.tcp_retries2': 3 } };
  const { hosts, rebootServer } = await topologyFor(t, { sysctls, needs: ['nft'] });
  const { client, server } = hosts;
  const before = server.agent;
  const look = async () => ({
    device: (await server.agent.run('ip', '-brief', 'link', 'show', 'eth0')).join().split(/ +/)[2],
    addresses: await server.agent.run('ip', '-brief', '-4', 'address'),
    retries: await server.agent.run('cat', '/proc/sys/net/ipv4/tcp_retries2'),
    // Those of programs that are gone.
    inputs: await server.agent.run('bash', '-c', 'readlink /proc/$PPID/fd/* | grep "[.]in"; true'),
    // Of this host alone, see namespaces.sh.
    table: await server.agent.run('cat', '/proc/sys/net/ipv4/tcp_ehash_entries'),
    descriptors: await server.agent.run('bash', '-c', 'ulimit -Sn; ulimit -Hn'),
  });
  const old = await look();
  t.deepEqual(old.retries, ['3']);
  await server.agent.start('ends', '/', ['true']).exited;
  await server.agent.run('bash', '-c', 'echo 9 >/proc/sys/net/ipv4/tcp_retries2');
  const counted = (await client.agent.ask('counters')).lines.length;

  for (const time of ['first', 'second']) {
    await rebootServer();
    t.deepEqual(await look(), old, `${time} reboot`);
    t.not(server.agent, before);
    t.is(server.administrator, server.agent);
    await t.throwsAsync(before.run('true'), { message: 'host server was rebooted' });
    // The name of a program of the host before is free again.
    t.is(await server.agent.start('ends', '/', ['true']).exited, 0);
    t.is((await server.agent.ask('counters')).lines.length, counted);
  }
});

onLinux('programs and requests of the host before are told of their loss', async (t) => {
  const { hosts, rebootServer } = await topologyFor(t, {});
  const { server } = hosts;
  // As hard to end as can be: it ignores what can be ignored and has children of its own.
  const script = 'trap "" TERM HUP INT; sleep infinity & setsid sleep infinity & echo up >&3; wait';
  const program = server.agent.start('stubborn', '/', ['bash', '-c', script]);
  await says(program, 'up');
  const asked = server.agent.run('cat', '/proc/self/net/route');
  const rebooting = rebootServer();
  await t.throwsAsync(program.exited, { message: 'host server was rebooted' });
  await Promise.all([rebooting, asked.catch(() => {})]);
  t.is(program.status, undefined);
  const running = await server.agent.run('bash', '-c', 'cat /proc/[0-9]*/comm 2>/dev/null; true');
  t.false(running.includes('sleep'), running.join());
});

onLinux('a topology that is closed during a reboot goes', async (t) => {
  const { rebootServer, close } = await topologyFor(t, {});
  const rebooting = rebootServer();
  await close();
  await t.throwsAsync(rebooting, { message: 'the agent of host server has ended' });
});
