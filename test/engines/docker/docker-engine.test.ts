import type { Agent } from '../../../runners/engines/agent/agent.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { imageName } from '../../../runners/engines/docker/image-recipe.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { decodeFrame } from '../../../runners/evidence/segment.ts';
import { EnvironmentError } from '../../../runners/user-error.ts';
import { madeBy, specOf, withEngine } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

async function runs(agent: Agent, ...command: string[]): Promise<boolean> {
  return (await agent.ask('run', ...command)).status === 0;
}

dockerTest('hosts reach each other, and the capture sees it', async (t) => {
  await withEngine(t, async (engine, language) => {
    t.regex(engine.title, /^docker [\d.]+$/);
    const { hosts, capture } = await engine.make(specOf(language));
    const { folder, command } = engine.installed(language, 'server');
    const server = hosts.server.programs.start('server', folder, [...command, '5000', 'reply']);
    await new Promise<void>((resolve) => {
      server.on('line', (line) => line.includes('\tlisten\tok') && resolve());
    });
    const ask = [...engine.installed(language, 'ask').command, hosts.server.address, '5000'];
    const client = hosts.client.programs.start('ask', folder, ask);
    t.is(await client.exited, 0, (await client.output()).err.join());
    t.is(await server.exited, 0);
    if (isUnavailable(capture)) throw new Error(capture.unavailable);
    await capture.until('the mark', () =>
      hosts.client.agent.ask('mark', hosts.server.address, 'the mark'),
    );
    const { linkType, records } = capture.take();
    const segments = records.map(({ bytes }) => decodeFrame(linkType, bytes));
    const first = segments.find((segment) => segment?.protocol === 'tcp');
    t.like(first, {
      source: { address: hosts.client.address },
      destination: { address: hosts.server.address, port: 5000 },
      flags: ['SYN'],
    });
  });
});

dockerTest('several topologies at once are closed without leftovers', async (t) => {
  await withEngine(t, async (engine, language, runId) => {
    const both = specOf(language);
    const [first, second] = await Promise.all([engine.make(both), engine.make(both)]);
    t.not(first.hosts.client.address, second.hosts.client.address);
    t.false(
      await runs(
        first.hosts.client.programs,
        'timeout',
        '2',
        'bash',
        '-c',
        `echo >/dev/tcp/${second.hosts.server.address}/22`,
      ),
    );
    t.is((await madeBy(runId)).length, 12);
    await Promise.all([first.close(), first.close()]);
    t.is((await madeBy(runId)).length, 6);
    await t.throwsAsync(first.hosts.client.agent.run('true'), { message: /has ended/ });
  });
});

dockerTest('an engine that is closed while hosts are made leaves nothing', async (t) => {
  await withEngine(t, async (engine, language, runId) => {
    const making = engine.make(specOf(language));
    await engine.close();
    await making;
    await t.throwsAsync(engine.make(specOf(language)), { message: 'the engine is closed' });
    await t.throwsAsync(engine.trace(), { message: 'the engine is closed' });
    t.deepEqual(await madeBy(runId), []);
  });
});

dockerTest('without capture there is no probe', async (t) => {
  const use: Parameters<typeof withEngine>[1] = async (engine, language, runId) => {
    const { capture } = await engine.make(specOf(language));
    t.deepEqual(capture, { unavailable: 'left out on request' });
    t.false((await madeBy(runId)).some((name) => name.includes('probe')));
  };
  await withEngine(t, use, { capture: false });
});

dockerTest('hosts are hardened', async (t) => {
  await withEngine(t, async (engine, language) => {
    const { hosts } = await engine.make(specOf(language));
    // Nothing is reached but the other host: not Docker's machine, neither by the bridge's own address,
    // if it has one, nor by its usual one, and nothing beyond.
    const gateway = hosts.client.address.replace(/\d+$/, (last) =>
      String((Number(last) & 240) + 1),
    );
    const connects = 'for a; do { timeout 10 bash -c "echo >/dev/tcp/$a/22"; } 2>&1 & done; wait';
    const addresses = [gateway, '172.17.0.1', '192.0.2.1'];
    const said = await hosts.client.agent.run('bash', '-c', connects, '-', ...addresses);
    const refusals = said.filter((line) =>
      /22: (No route to host|Network is unreachable)/.test(line),
    );
    t.is(refusals.length, addresses.length, said.join('\n'));
    for (const { name, agent, programs } of [hosts.client, hosts.server]) {
      for (const [of, uid] of [
        [agent, 0],
        [programs, 10_001],
      ] as const) {
        const status = (await of.run('cat', '/proc/1/status')).join('\n');
        t.regex(status, new RegExp(`^Uid:(\\s+${uid}){4}$`, 'm'));
        // To cut its cable when it reboots (CAP_NET_ADMIN).
        const may = of === agent && name === 'server' ? '0*1000' : '0+';
        for (const set of ['Prm', 'Eff', 'Bnd']) {
          t.regex(status, new RegExp(`^Cap${set}:\\s+${may}$`, 'm'));
        }
        t.regex(status, /^NoNewPrivs:\s+1$/m);
        t.deepEqual(await of.run('bash', '-c', 'ulimit -n'), ['1024']);
        for (const folder of ['/', '/opt/lab', '/tmp', '/etc']) {
          t.false(await runs(of, 'touch', `${folder}/x`), folder);
        }
        t.true(await runs(of, 'touch', '/run/lab/x'));
      }
      t.false(await runs(programs, 'touch', '/opt/programs/x'));
    }
  });
});

dockerTest('languages join hosts that are there, and are there again after a reboot', async (t) => {
  await withEngine(t, async (engine, language, runId) => {
    const topology = await engine.make(specOf(language, { needs: ['ss'] }));
    const { client, server } = topology.hosts;
    const { programs } = server;
    const ofPrograms = async () =>
      (await madeBy(runId)).map((name) => name.slice(`/reset-labs-${runId}-1-`.length)).sort();
    const other = { ...language, id: 'python@3', runtime: 'python@3' };
    await topology.admit({ client: language, server: other });
    t.not(server.programs, programs);
    const plain = ['client', 'client-python', 'probe', 'server', 'server-python'];
    t.deepEqual(
      (await ofPrograms()).filter((name) => name !== 'ink'),
      [...plain, 'server-python-3'],
    );
    t.deepEqual(await server.programs.run('cat', '/sys/class/net/eth0/address'), [
      '02:00:00:00:00:03',
    ]);
    const joined = server.programs;
    await topology.rebootServer();
    t.not(server.programs, joined);
    t.deepEqual(await server.programs.run('echo', 'here'), ['here']);
    await topology.admit({ client: language, server: language });
    t.deepEqual(await server.programs.run('echo', 'here'), ['here']);
    t.deepEqual(await client.programs.run('echo', 'here'), ['here']);
  });
});

dockerTest('a host without programs has none to start', async (t) => {
  await withEngine(t, async (engine, language) => {
    const languages = { client: language };
    const { hosts } = await engine.make({ ...specOf(language), languages });
    t.deepEqual(await hosts.client.programs.run('echo', 'here'), ['here']);
    t.throws(() => hosts.server.programs, { message: /no language's programs are on.* server/ });
    t.deepEqual(await hosts.server.agent.run('echo', 'here'), ['here']);
  });
});

dockerTest('the probe captures as a user without capabilities', async (t) => {
  await withEngine(t, async (engine, language, runId) => {
    await engine.make(specOf(language));
    const { docker } = await connectDocker();
    const { Processes, Titles } = await docker
      .getContainer(`reset-labs-${runId}-1-probe`)
      .top({ ps_args: '-o pid,uid,args' });
    const uid = (Titles as string[]).indexOf('UID');
    const tcpdump = (Processes as string[][]).find((row) => row.at(-1)?.startsWith('tcpdump'));
    t.not(tcpdump?.[uid], '0');
  });
});

dockerTest('a container name that is taken is named, and is not ours to remove', async (t) => {
  await withEngine(t, async (engine, language, runId) => {
    const { docker } = await connectDocker();
    const name = `reset-labs-${runId}-1-client`;
    const foreign = await docker.createContainer({ name, Image: `${imageName('tools')}:latest` });
    try {
      await t.throwsAsync(engine.make(specOf(language)), {
        instanceOf: EnvironmentError,
        message: new RegExp(`${name} is already there.*docker rm --force ${name}`),
      });
      t.deepEqual(await madeBy(runId), []);
      t.is((await foreign.inspect()).Name, `/${name}`);
    } finally {
      await foreign.remove({ force: true });
    }
  });
});

dockerTest('a network name that is taken is named', async (t) => {
  await withEngine(t, async (engine, language, runId) => {
    const { docker } = await connectDocker();
    const name = `reset-labs-${runId}-1-link`;
    const foreign = await docker.createNetwork({
      Name: name,
      IPAM: { Config: [{ Subnet: '198.18.255.240/28' }] },
    });
    try {
      await t.throwsAsync(engine.make(specOf(language)), {
        instanceOf: EnvironmentError,
        message: new RegExp(`${name} is already there.*docker network rm ${name}`),
      });
    } finally {
      await foreign.remove();
    }
  });
});

dockerTest('a language without Dockerfile cannot be prepared', async (t) => {
  await withEngine(t, async (engine, language) => {
    const problem = await engine.prepare({ ...language, of: 'cobol', title: 'COBOL' });
    t.regex(problem?.unavailable ?? '', /COBOL.*docker\/cobol\/Dockerfile/);
  });
});
