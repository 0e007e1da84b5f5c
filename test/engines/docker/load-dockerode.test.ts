import { createRequire } from 'node:module';
import { sep } from 'node:path';
import test from 'ava';
import { loadDockerode, newClient } from '../../../runners/engines/docker/load-dockerode.ts';

const { cache } = createRequire(import.meta.url);
const loaded = (part: string) => Object.keys(cache).filter((path) => path.includes(part));

test.serial('neither gRPC nor what speaks SSH is loaded', (t) => {
  const Client = loadDockerode();
  t.is(typeof new Client({ socketPath: '/nowhere' }).getContainer, 'function');
  t.deepEqual([...loaded('grpc'), ...loaded(`${sep}ssh2${sep}`)], []);
});

test.serial('what was left out says so when it is called after all', (t) => {
  for (const [what, ...file] of [
    ['BuildKit', 'dockerode', 'lib', 'session.js'],
    ['SSH', 'docker-modem', 'lib', 'ssh.js'],
  ] as const) {
    const [path = ''] = loaded(file.join(sep));
    t.throws(() => cache[path]?.exports(), { message: new RegExp(`^${what} is not used here`) });
  }
});

test.serial('the client reads nothing from the environment', (t) => {
  const before = { ...process.env };
  Object.assign(process.env, { DOCKER_HOST: 'tcp://far:2376', DOCKER_CERT_PATH: '/nonexistent' });
  try {
    const { modem } = newClient({ socketPath: '/one.sock' });
    t.like(modem, { socketPath: '/one.sock', host: undefined, protocol: 'http' });
    t.is(process.env.DOCKER_HOST, 'tcp://far:2376');
  } finally {
    for (const name of ['DOCKER_HOST', 'DOCKER_CERT_PATH']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});
