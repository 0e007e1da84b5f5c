import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { processesWith } from '../../../runners/chaos/leftovers.ts';
import { until } from '../../../runners/deadline.ts';
import { inProject } from '../../../runners/paths.ts';
import { engineFor, specOf } from './_local.ts';

const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? test : test.skip;
const onLinux = process.platform === 'linux' ? test.serial : test.skip;

const GROUPS = ['/sys/fs/cgroup/memory', '/sys/fs/cgroup'].find(existsSync) ?? '';
const HUNGRY = [process.execPath, '-e', 'Buffer.alloc(400 * 2 ** 20, 1)'];

function groups(runId: string): string[] {
  return readdirSync(GROUPS).filter((name) => name.startsWith(`reset-labs.${runId}.`));
}

asRoot('a program that takes too much of the server is killed, and it alone', async (t) => {
  const engine = await engineFor(t);
  if (await engine.lacks('memory-limit')) return t.pass('there are no cgroups here');
  const topology = await engine.make(specOf({ needs: ['memory-limit'] }));
  const { client, server } = topology.hosts;
  t.is(groups(`test-${process.pid}`).length, 1);
  for (const time of ['first', 'rebooted']) {
    const modest = server.agent.start('modest', '/', ['cat']);
    const hungry = server.agent.start('hungry', '/', HUNGRY);
    t.is(await hungry.exited, 137, time);
    t.is(modest.status, undefined);
    t.deepEqual(await server.agent.run('echo', 'alive'), ['alive']);
    t.deepEqual(await server.agent.run('bash', '-c', 'compgen -e MEMORY; true'), ['']);
    await topology.rebootServer();
  }
  t.is(await client.agent.start('hungry', '/', HUNGRY).exited, 0);
  await topology.close();
  t.deepEqual(groups(`test-${process.pid}`), []);
});

asRoot('nothing is left of a limited topology when the orchestrator is killed', async (t) => {
  const engine = await engineFor(t);
  if (await engine.lacks('memory-limit')) return t.pass('there are no cgroups here');
  const mark = `memory-${process.pid}`;
  const script = `
    const { openLocalEngine } = await import(${JSON.stringify(inProject('runners/engines/local/local-engine.ts'))});
    const engine = await openLocalEngine({ runId: '${mark}', capture: true, progress: () => {} });
    const topology = await engine.make(${JSON.stringify(specOf({ kind: 'routed', needs: ['memory-limit'] }))});
    topology.hosts.server.agent.start('stays', '/', ['setsid', 'sleep', 'infinity']);
    await topology.rebootServer();
    topology.hosts.server.agent.start('stays', '/', ['setsid', 'sleep', 'infinity']);
    console.log('made');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: inProject('.'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RESET_LABS_TEST: mark },
  });
  await once(child.stdout, 'data');
  t.is(groups(mark).length, 1);
  t.true(processesWith(mark).length > 5);
  child.kill('SIGKILL');
  await until('the end of all that it made', async () => {
    return (processesWith(mark).length === 0 && groups(mark).length === 0) || undefined;
  });
  t.pass();
});

asRoot('the group of a shell that was killed goes at the next start', async (t) => {
  const engine = await engineFor(t);
  if (await engine.lacks('memory-limit')) return t.pass('there are no cgroups here');
  const gone = spawn('true');
  await once(gone, 'exit');
  const [left, busy] = [gone.pid, process.pid].map((pid) => join(GROUPS, `reset-labs.left.${pid}`));
  if (!left || !busy) return t.fail();
  mkdirSync(left);
  mkdirSync(busy);
  t.teardown(() => rmdirSync(busy));
  await engine.lacks('memory-limit');
  t.false(existsSync(left));
  t.true(existsSync(busy), 'it is being made by a process that is there');
});

onLinux('without root there is no limit of memory, and the mend is told', async (t) => {
  const engine = await engineFor(t);
  const { getuid } = process;
  process.getuid = () => 1000;
  t.teardown(() => Object.assign(process, { getuid }));
  t.deepEqual(await engine.lacks('memory-limit'), {
    unavailable: 'a memory limit needs root: run as root, or use --engine docker',
  });
});
