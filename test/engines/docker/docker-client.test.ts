import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import test from 'ava';
import { dockerAnswers } from '../../../runners/engines/docker/docker-answers.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { EnvironmentError } from '../../../runners/user-error.ts';

// These tests change the environment of their process, so they run one after the other.
const NAMES = ['DOCKER_HOST', 'DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);
test.afterEach.always(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
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

test.serial('a request that is given up is named', async (t) => {
  const version = { Version: '20.10.5', Os: 'linux' };
  const server = createHttpServer(({ url }, to) => {
    if (url?.includes('version')) to.end(JSON.stringify(version));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.env.DOCKER_HOST = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { docker } = await connectDocker();
    const soon = { abortSignal: AbortSignal.timeout(50) };
    await t.throwsAsync(docker.listNetworks(soon), {
      message: /^Docker's answer to GET \/networks did not come within \d+ s$/,
    });
    const container = docker.getContainer('0123456789ab'.padEnd(64, 'f'));
    await t.throwsAsync(container.start({ abortSignal: AbortSignal.timeout(50) }), {
      message: /^Docker's answer to POST \/containers\/0123456789ab\/start did not come/,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test.serial('a port on which nobody listens: what to look at', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  process.env.DOCKER_HOST = `tcp://127.0.0.1:${port}`;
  await t.throwsAsync(connectDocker(), {
    instanceOf: EnvironmentError,
    message: `Nobody listens at tcp://127.0.0.1:${port}: see that Docker runs there, and with this --host.`,
  });
});

test.serial('TLS with an engine that speaks none: which setting is wrong', async (t) => {
  const server = createHttpServer((_, to) => to.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Not verified, so that no certificate is needed.
  Object.assign(process.env, { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS: '1' });
  process.env.DOCKER_CERT_PATH = '/nonexistent';
  try {
    await t.throwsAsync(connectDocker(), {
      instanceOf: EnvironmentError,
      message: /speaks no TLS: unset DOCKER_TLS_VERIFY, or write the port of TLS/,
    });
  } finally {
    server.close();
  }
});

test.serial('an address that cannot be read is told as it is', async (t) => {
  process.env.DOCKER_HOST = 'foo://far';
  await t.throwsAsync(connectDocker(), {
    instanceOf: EnvironmentError,
    message: /^DOCKER_HOST is "foo:\/\/far": write unix:\/\/\/PATH, tcp:/,
  });
  const answer = await dockerAnswers();
  t.regex('unavailable' in answer ? answer.unavailable : '', /^DOCKER_HOST is "foo:/);
});
