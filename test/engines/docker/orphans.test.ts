import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../../../runners/deadline.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { openDockerEngine } from '../../../runners/engines/docker/docker-engine.ts';
import { inProject } from '../../../runners/paths.ts';
import { madeBy, newRunId, untilNoContainer } from './_docker.ts';
import { dockerTest } from './_docker-test.ts';

const plain = ['client', 'client-python', 'probe', 'server', 'server-python'];
const orphaned: [args: string[], services: string[], networks: string[]][] = [
  [['direct', '4'], plain, ['link']],
  [['routed', '4', 'nft'], [...plain, 'router'], ['link']],
  [
    ['proxied', '6', 'haproxy'],
    [...plain, 'balancer'],
    ['link', 'server-link'],
  ],
];

for (const [args, services, networks] of orphaned) {
  dockerTest(
    `${args.join(' ')}: the containers of a killed run end by themselves, its networks are swept`,
    async (t) => {
      const runId = newRunId();
      const script = inProject('test/engines/docker/_orchestrator.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, runId, ...args], {
        cwd: inProject('.'),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await within('the topology of the other process', once(child.stdout, 'data'), 120_000);
        const name = `reset-labs-${runId}-1`;
        const all = [
          ...services.map((service) => `/${name}-${service}`),
          ...networks.map((network) => `${name}-${network}`),
        ].sort();
        t.deepEqual(await madeBy(runId), all);

        // A live run's things are left alone by others that start.
        await (
          await openDockerEngine({ runId: newRunId(), capture: true, progress: () => {} })
        ).close();
        t.deepEqual(await madeBy(runId), all);
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
    },
  );
}

dockerTest('a container of a dead run that still runs is swept', async (t) => {
  const runId = newRunId();
  const { docker } = await connectDocker();
  const { ownerLabel, LABEL } = await import('../../../runners/engines/docker/owner.ts');
  const { thisOwner } = await import('../../../runners/owner.ts');
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
