import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type Dockerode from 'dockerode';

type Constructor = new (options?: Dockerode.DockerOptions) => Dockerode;

/**
 * Loads dockerode without the parts that are not used, which are four fifths of its 85 ms: gRPC for the
 * sessions of BuildKit, since our images are built by the classic builder, and ssh2 where the engine is
 * not reached over SSH. Where a later dockerode is laid out otherwise, all of it is loaded.
 *
 * @param address where the engine is: `ssh://…`, `unix://…`, a path, `tcp://…`
 */
export function loadDockerode(address: string): Constructor {
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
  if (!address.startsWith('ssh:')) {
    const modem = () => dirname(require.resolve('docker-modem', { paths: [library] }));
    leaveOut(() => require.resolve(join(modem(), 'ssh')), 'SSH');
  }
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
