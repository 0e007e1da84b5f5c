import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Dockerode from 'dockerode';

type Constructor = new (options?: Dockerode.DockerOptions) => Dockerode;

/**
 * Makes a client of Docker's API that uses these options and nothing else. docker-modem reads `DOCKER_HOST`
 * too, in ways of its own and not as the `docker` command does: see engine-address.ts.
 */
export function newClient(options: Dockerode.DockerOptions): Dockerode {
  const Client = loadDockerode();
  const { DOCKER_HOST } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return new Client(options);
  } finally {
    if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
  }
}

/**
 * Loads dockerode without the parts that are not used, which are four fifths of its 85 ms: gRPC for the
 * sessions of BuildKit, since our images are built by the classic builder, and ssh2, see ssh-agent.ts. Where
 * a later dockerode is laid out otherwise, all of it is loaded.
 */
export function loadDockerode(): Constructor {
  const require = createRequire(import.meta.url);
  const leaveOut = (file: () => string, what: string) => {
    try {
      const path = file();
      require.cache[path] ??= unused(require, path, what);
    } catch {
      // It is not where it was: nothing is left out.
    }
  };
  const library = dirname(require.resolve('dockerode'));
  leaveOut(() => require.resolve('./session', { paths: [library] }), 'BuildKit');
  const modem = () => dirname(require.resolve('docker-modem', { paths: [library] }));
  leaveOut(() => require.resolve(join(modem(), 'ssh')), 'SSH');
  return require('dockerode') as Constructor;
}

/** A module that says what it was for if it is called after all. */
function unused(require: NodeJS.Require, path: string, what: string): NodeJS.Module {
  const { Module } = require('node:module') as { Module: new (id: string) => NodeJS.Module };
  const module = new Module(path);
  module.filename = path;
  module.loaded = true;
  module.exports = () => {
    throw new Error(`${what} is not used here, so dockerode was loaded without it`);
  };
  return module;
}
