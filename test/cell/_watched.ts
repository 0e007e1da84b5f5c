import type { ExecutionContext } from 'ava';
import { CellHost } from '../../runners/cell/host-on-stage.ts';
import { WatchedProgram } from '../../runners/cell/watched-program.ts';
import type { Topology } from '../../runners/engines/engine.ts';
import { assertNamespaces } from '../../runners/engines/local/permission.ts';
import { messageOf } from '../../runners/user-error.ts';
import { node, PORT, says, topologyFor } from '../engines/local/_local.ts';

/** Why there are no hosts here. */
export const problem = await assertNamespaces().then(() => undefined, messageOf);

/** Runs a script for Node.js on a host, and watches it. */
export function watch(
  role: 'client' | 'server',
  topology: Topology,
  script: string,
): WatchedProgram {
  const host = topology.hosts[role];
  const start = () => node(host, `${role}-${++started}`, script);
  const onStage = new CellHost(host, topology, PORT, async (act) => await act());
  return new WatchedProgram(role, onStage, {
    port: PORT,
    start,
    probesOf: () => 0,
    isOver: async () => false,
  });
}
let started = 0;

/** The same of a server, on hosts of its own; `told` is what it does for each line that it is told. */
export async function serverThat(
  t: ExecutionContext,
  { first = '', told = '' }: { readonly first?: string; readonly told?: string },
): Promise<WatchedProgram> {
  const server = watch(
    'server',
    await topologyFor(t, {}),
    `${first}; process.stdin.on('data', () => { ${told}; say('done'); }); say('runs');`,
  );
  await says(server.program, 'runs');
  return server;
}

/** Tells it, and waits until it has done so. */
export async function tell({ program }: WatchedProgram): Promise<void> {
  await program.input('');
  await says(program, 'done');
}

/** What its kernel is asked for. */
export async function seenOf({ host, program }: WatchedProgram) {
  return { agent: host.host.programs, pid: await program.pid };
}

/** Whether a wait goes on, though it has looked: a host answers in the order in which it is asked. */
export async function goesOn({ host }: WatchedProgram, wait: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  wait.then(end, end);
  for (let look = 0; look < 3; look++) await host.host.programs.run('true');
  return !isOver;
}

/** Ends it. */
export async function end({ program }: WatchedProgram): Promise<void> {
  await program.signal('KILL');
  await program.exited;
}
