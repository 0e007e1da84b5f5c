import { PATIENCE_MS, until, within } from '../deadline.ts';
import type { Engine, Role, Topology } from '../engines/engine.ts';
import type { FaultAction } from '../evidence/observation.ts';
import { readReport } from '../evidence/steps.ts';
import type { Cell } from '../plan.ts';
import { messageOf } from '../user-error.ts';
import { RunningActor } from './actor.ts';

/** The programs of a cell after their story has been told; they may still run. */
export type Conducted = {
  readonly client: RunningActor | null;
  readonly server: RunningActor | null;
  readonly actions: readonly FaultAction[];
  /** A state that did not come; the cell's evidence is collected all the same. */
  readonly problem: string | null;
};

/** Starts the cell's programs, lets the fault happen, and waits until all has come to rest. */
export async function conduct(cell: Cell, topology: Topology, engine: Engine): Promise<Conducted> {
  const actors: { client: RunningActor | null; server: RunningActor | null } = {
    client: null,
    server: null,
  };
  const start = (role: Role, words: readonly string[]): RunningActor => {
    const host = topology.hosts[role];
    const program = role === 'server' ? 'server' : cell.lab.client.program;
    const { folder, command } = engine.installed(cell[role], program);
    // Hosts are used again by other cells, so a program's name bears its cell's.
    const running = host.agent.start(`${role}-${cell.id}`, folder, [...command, ...words]);
    const actor = new RunningActor(host, running, cell.port);
    actors[role] = actor;
    return actor;
  };
  let problem: string | null = null;
  try {
    await tell(cell, topology, start);
    if (actors.client) await rest(actors.client, actors.server);
  } catch (error) {
    problem = messageOf(error);
  }
  const { client, server } = actors;
  const actions = [...(client?.actions ?? []), ...(server?.actions ?? [])];
  return { ...actors, actions, problem };
}

/** Each of a fault's waits has its own deadline; this one is for a lab that waits for anything else. */
const FAULT_MS = 4 * PATIENCE_MS;

/** The story: the server listens, the client comes, the fault strikes, the client ends. */
async function tell(
  cell: Cell,
  topology: Topology,
  start: (role: Role, words: readonly string[]) => RunningActor,
): Promise<void> {
  const { lab, port } = cell;
  let server: RunningActor | undefined;
  if (lab.server !== 'none') {
    server = start('server', [String(port), lab.server.behaviour]);
    await server.finishes('listen');
    const listened = readReport(server.program.lines).steps[0];
    if (listened?.end?.outcome === 'error') {
      throw new Error(`the server cannot listen on port ${port}: ${listened.end.error.message}`);
    }
  }
  // Nothing may pass before it can be seen. A lost capture is told where the packets are read.
  if ('listening' in topology.capture) await topology.capture.listening.catch(() => {});
  const messages = lab.client.program === 'ask-twice' ? lab.client.messages : [];
  const client = start('client', [topology.hosts.server.address, String(port), ...messages]);
  const fault = lab.fault?.({ client, server: server ?? client });
  if (fault) await within('the end of the fault', fault, FAULT_MS);
  await within('the end of the client', client.program.exited, PATIENCE_MS, () => {
    const step = last(client);
    return step && `it is at "${step.step}"`;
  });
}

/** States through which a connection passes on its way to rest. */
const MOVING = new Set(['SYN-SENT', 'SYN-RECEIVED', 'FIN-WAIT-1', 'CLOSING', 'LAST-ACK']);

/** Waits until the server has ended or waits on purpose, and nothing is under way any more. */
async function rest(client: RunningActor, server: RunningActor | null): Promise<void> {
  if (server) {
    await until('the end of the server, or its step "wait"', async () => {
      const atRest = server.program.status !== undefined || last(server)?.step === 'wait';
      return atRest || undefined;
    });
  }
  const actors = server ? [client, server] : [client];
  await until('rest of the connection (nothing unacknowledged, no closing under way)', async () => {
    const sockets = (await Promise.all(actors.map((actor) => actor.connections()))).flat();
    const moving = sockets.some(
      ({ state, unacknowledged }) =>
        MOVING.has(state) || (state === 'ESTABLISHED' && unacknowledged > 0),
    );
    return moving ? undefined : true;
  });
}

/** Ends what still runs of a cell, so that its hosts can serve the next. */
export async function endPrograms({ client, server }: Conducted): Promise<void> {
  for (const actor of [client, server]) {
    if (actor === null || actor.program.status !== undefined) continue;
    await actor.program.signal('KILL');
    await within(`the end of the ${actor.role} after SIGKILL`, actor.program.exited);
  }
}

function last(actor: RunningActor) {
  return readReport(actor.program.lines).steps.at(-1);
}
