import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import test from 'ava';
import { dockerAnswers } from '../../../runners/engines/docker/docker-answers.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { EnvironmentError } from '../../../runners/user-error.ts';

// These tests change the environment of their process, so they run one after the other.
const DOCKER_HOST = process.env.DOCKER_HOST;
test.afterEach.always(() => {
  if (DOCKER_HOST === undefined) delete process.env.DOCKER_HOST;
  else process.env.DOCKER_HOST = DOCKER_HOST;
});

test.serial('an engine that does not run: what to run', async (t) => {
  process.env.DOCKER_HOST = 'unix:///nowhere/docker.sock';
  await t.throwsAsync(connectDocker(), {
    instanceOf: EnvironmentError,
    message: /not running at unix:\/\/\/nowhere\/docker\.sock: systemctl start docker/,
  });
  const answer = await dockerAnswers();
  t.regex('unavailable' in answer ? answer.unavailable : '', /not running/);
});

test.serial('an engine that does not answer: the deadline is kept', async (t) => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env.DOCKER_HOST = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await t.throwsAsync(connectDocker(50), {
      instanceOf: EnvironmentError,
      message: /does not answer at tcp:\/\/127\.0\.0\.1/,
    });
  } finally {
    server.close();
  }
});
