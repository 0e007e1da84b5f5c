import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type ListenOptions } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { CACHE } from '../../runners/paths.ts';

/** What is on this machine outside of all hosts, and must stay out of reach; it is, for the test itself. */
export type Outside = {
  /** Attempts for hostile.py. */
  readonly attempts: readonly string[];
  /** Such as may succeed, in a folder of the host's own. */
  readonly own: string;
  /** Paths at which nothing may be afterwards. */
  readonly paths: readonly string[];
};

/** Listens on loopback and on sockets of both kinds, and has folders in which everybody may write. */
export async function outside(t: ExecutionContext): Promise<Outside> {
  const mark = `reset-labs-security-${process.pid}`;
  const open = join(CACHE, mark);
  mkdirSync(open, { recursive: true });
  // Not subject to the umask, unlike the mode of mkdir.
  chmodSync(open, 0o777);
  t.teardown(() => rmSync(open, { recursive: true, force: true }));
  const port = await listen(t, { host: '127.0.0.1', port: 0 });
  const socket = `/tmp/${mark}.socket`;
  await listen(t, { path: socket });
  chmodSync(socket, 0o777);
  await listen(t, { path: `\0${mark}` });
  const paths = [open, '/tmp', '/var/tmp'].map((folder) => join(folder, mark));
  const own = join('/dev/shm', mark);
  const docker = ['/var/run/docker.sock', '/run/docker.sock'].filter((path) => existsSync(path));
  const system = ['/', '/etc/', '/run/', '/sys/fs/cgroup/', '/sys/fs/cgroup/memory/'];
  return {
    own: `write ${own}`,
    paths: [...paths, own],
    attempts: [
      ...[...paths, ...system.map((folder) => `${folder}${mark}`)].map((path) => `write ${path}`),
      'write /proc/sys/net/ipv4/tcp_retries2',
      'write /proc/sysrq-trigger',
      `reach 127.0.0.1|${port}`,
      ...[socket, `@${mark}`, ...docker].map((path) => `unix ${path}`),
    ],
  };
}

/** @returns the port, if it has one */
async function listen(t: ExecutionContext, options: ListenOptions): Promise<number> {
  const server = createServer((end) => end.end());
  server.listen(options);
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  // It is there for whoever may come: a refusal is the host's.
  const end = connect(options.path ? { path: options.path } : { host: '127.0.0.1', port });
  await once(end, 'connect');
  end.destroy();
  return port;
}
