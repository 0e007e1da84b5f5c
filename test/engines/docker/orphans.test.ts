import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../../../runners/deadline.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { openDockerEngine } from '../../../runners/engines/docker/docker-engine.ts';
import { inProject } from '../../../runners/paths.ts';
import { madeBy, newRunId, untilNoContainer } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

dockerTest('the containers of a killed run end by themselves, its network is swept', async (t) => {
  const runId = newRunId();
  const script = inProject('test/engines/docker/_orchestrator.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, runId], {
    cwd: inProject('.'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await within('the topology of the other process', once(child.stdout, 'data'), 120_000);
    const name = `reset-labs-${runId}-1`;
    const containers = ['client', 'probe', 'server'].map((service) => `/${name}-${service}`);
    t.deepEqual(await madeBy(runId), [...containers, `${name}-link`]);

    // A live run's things are left alone by others that start.
    await (
      await openDockerEngine({ runId: newRunId(), capture: true, progress: () => {} })
    ).close();
    t.is((await madeBy(runId)).length, 4);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await untilNoContainer(runId);

  const engines = [newRunId(), newRunId()].map((other) =>
    openDockerEngine({ runId: other, capture: true, progress: () => {} }),
  );
  await Promise.all((await Promise.all(engines)).map((engine) => engine.close()));
  t.deepEqual(await madeBy(runId), []);
});

dockerTest('a container of a dead run that still runs is swept', async (t) => {
  const runId = newRunId();
  const { docker } = await connectDocker();
  const { ownerLabel, thisOwner, LABEL } = await import('../../../runners/engines/docker/owner.ts');
  const owner = { ...(await thisOwner()), started: '1' };
  const container = await docker.createContainer({
    name: `reset-labs-${runId}-stray`,
    Image: 'debian:trixie-slim',
    Cmd: ['sleep', '600'],
    Labels: { [LABEL.run]: runId, [LABEL.owner]: ownerLabel(owner) },
    HostConfig: { AutoRemove: true, NetworkMode: 'none' },
  });
  await container.start();
  t.is((await madeBy(runId)).length, 1);
  await (await openDockerEngine({ runId: newRunId(), capture: true, progress: () => {} })).close();
  t.deepEqual(await madeBy(runId), []);
});
