import { readFileSync } from 'node:fs';
import { until } from '../../runners/deadline.ts';
import type { Program } from '../../runners/engines/agent/program.ts';
import type { Host, Topology } from '../../runners/engines/engine.ts';
import { messageOf } from '../../runners/user-error.ts';

/** What a program tried, and what came of it: `done`, an errno, or what it found. */
export type Attempts = Readonly<Record<string, string>>;

const SCRIPT = readFileSync(new URL('hostile.py', import.meta.url)).toString('hex');

/** What every engine must refuse, and in the same words what each must allow: else nothing was tried. */
export const REFUSED = [
  ...['write .', "see the agent's descriptors", "write to the agent's output"],
  ...["read the agent's memory", 'set a user', 'raw socket', 'mount', 'make writable'],
  'make writable as another root',
];
export const ALLOWED = [
  ...['write own', 'see own descriptors', 'kill a child', 'unix own', 'reach the server'],
];

/** The attempts that were not refused. */
export function succeeded(found: Attempts, names: readonly string[]): string[] {
  return names.filter((name) => found[name] === undefined || found[name]?.startsWith('done'));
}

/** The attempts that failed. */
export function failed(found: Attempts, names: readonly string[]): string[] {
  return names.filter((name) => !found[name]?.startsWith('done'));
}

/** Of a process without any privilege, as /proc/self/status tells it. */
export const UNPRIVILEGED = {
  ...{ CapInh: '0'.repeat(16), CapPrm: '0'.repeat(16), CapEff: '0'.repeat(16) },
  ...{ CapBnd: '0'.repeat(16), CapAmb: '0'.repeat(16), NoNewPrivs: '1' },
};

/** Lets hostile.py try its own attempts and more on the client's host; `write PATH`, `reach ADDRESS|PORT`, `unix PATH`. */
export async function attempts(
  { hosts }: Topology,
  { folder, writable, more }: { folder: string; writable: string; more: readonly string[] },
): Promise<Attempts> {
  const server = await listening(hosts.server);
  const own = `reach ${hosts.server.address}|5000`;
  const code = `exec(bytes.fromhex('${SCRIPT}'))`;
  const words = ['env', `TMPDIR=${writable}`, 'python3', '-c', code, own, ...more];
  const program = hosts.client.programs.start('hostile', folder, words);
  await program.exited;
  const { err } = await program.output();
  if (program.lines.at(-1) !== 'end') throw new Error(`it did not end: ${err.join(' ')}`);
  const said = program.lines.map((line) => {
    const [name = '', ...rest] = line.split('\t');
    return [name === own ? 'reach the server' : name, rest.join(' ').trim()];
  });
  return {
    ...Object.fromEntries(said),
    'the agent afterwards': await hosts.client.programs
      .run('echo', 'alive')
      .then(String, messageOf),
    'the server afterwards': server.status === undefined ? 'alive' : `ended ${server.status}`,
  };
}

/** Starts a server on port 5000 of a host. */
export async function listening(host: Host): Promise<Program> {
  const code = `import os, socket; s = socket.create_server(('::', 5000), family=socket.AF_INET6, dualstack_ipv6=True); os.write(3, b'listens\\n'); [s.accept() for _ in iter(int, 1)]`;
  const server = host.programs.start('server', '/', ['python3', '-c', code]);
  await until('the server', async () => server.lines.includes('listens') || undefined, {
    instead: async () => (await server.output()).err.join(' '),
  });
  return server;
}
