import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { connectDocker, type Docker } from '../../../runners/engines/docker/docker-client.ts';
import { newClient } from '../../../runners/engines/docker/load-dockerode.ts';
import { engineProcessors } from '../../../runners/engines/docker/processors.ts';
import { folderWith } from '../../_folder.ts';
import { dockerTest } from './_docker-test.ts';

/** An engine that answers every request so. */
async function engineThatSays(
  t: ExecutionContext,
  status: number,
  message: string,
): Promise<Docker> {
  const socketPath = join(folderWith(t), 'socket');
  const server = createServer((_, to) => {
    to.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
  }).listen(socketPath);
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return newClient({ socketPath });
}

test('processors are those that the engine names, which need not begin with 0', async (t) => {
  const refusal = 'Requested CPUs are not available - requested 0-8191, available: 2-3,8';
  t.deepEqual(await engineProcessors(await engineThatSays(t, 400, refusal)), [2, 3, 8]);
});

test('an engine that binds nothing, or does not look, has none', async (t) => {
  const docker = await engineThatSays(t, 404, 'No such image: reset-labs/none:latest');
  t.deepEqual(await engineProcessors(docker), {
    unavailable: 'Docker binds no container to a processor (No such image: reset-labs/none:latest)',
  });
});

dockerTest('a real engine names its processors', async (t) => {
  const { docker } = await connectDocker();
  const numbers = await engineProcessors(docker);
  t.true(Array.isArray(numbers) && numbers.length > 0 && numbers.every(Number.isInteger));
});
