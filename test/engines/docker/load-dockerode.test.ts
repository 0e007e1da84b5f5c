import { createRequire } from 'node:module';
import { sep } from 'node:path';
import test from 'ava';
import { loadDockerode } from '../../../runners/engines/docker/load-dockerode.ts';

const { cache } = createRequire(import.meta.url);
const loaded = (part: string) => Object.keys(cache).filter((path) => path.includes(part));

test.serial('over SSH, what speaks SSH is loaded; gRPC never is', (t) => {
  const Client = loadDockerode('ssh://somebody@somewhere');
  t.is(typeof new Client({ socketPath: '/nowhere' }).getContainer, 'function');
  t.not(loaded(`${sep}ssh2${sep}`).length, 0);
  t.deepEqual(loaded('grpc'), []);
});

test.serial('what was left out says so when it is called after all', (t) => {
  const [path = ''] = loaded(['dockerode', 'lib', 'session.js'].join(sep));
  t.throws(() => cache[path]?.exports(), { message: /^BuildKit is not used here/ });
});
