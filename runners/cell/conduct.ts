import { DeadlineError, PATIENCE_MS, within } from '../deadline.ts';
import { HostError, isNotExecuted } from '../engines/agent/host-error.ts';
import type { Program } from '../engines/agent/program.ts';
import type { Topology } from '../engines/engine.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import type { Cell } from '../plan.ts';
import { messageOf } from '../user-error.ts';
import { expectsBlock } from '../verdict/expected.ts';
import type { RunningActor } from './actor.ts';
import { rest } from './rest.ts';
import type { CellStage } from './stage.ts';

/** Each of a fault's waits has its own deadline; this one is for a lab that waits for anything else. */
const FAULT_MS = 4 * PATIENCE_MS;
/** An agent answers in milliseconds, on a busy machine in some hundred. */
const SILENT_MS = 2_000;

/**
 * Lets the story happen: starts the cell's programs, lets the fault strike, and waits until all has come to
 * rest; programs may still run then.
 *
 * @returns a state that did not come, or null; the cell's evidence is collected all the same
 * @throws HostError where a host could not do its part
 */
export async function conduct(
  cell: Cell,
  topology: Topology,
  stage: CellStage,
  course: Course = USUAL_COURSE,
): Promise<string | null> {
  try {
    await begin(cell, topology, stage, course);
    await course.play(cell, stage);
    await assertExecuted(stage.programs);
    if (stage.clientActor) await course.rest(stage.clientActor, stage.serverActor);
    return null;
  } catch (error) {
    if (error instanceof HostError) throw error;
    await assertExecuted(stage.programs);
    if (error instanceof DeadlineError) await assertAnswers(cell, topology, error);
    return messageOf(error);
  }
}

/** A state that did not come proves nothing where the host that would tell of it was silent meanwhile. */
async function assertAnswers(
  { lab }: Cell,
  { hosts }: Topology,
  { message }: DeadlineError,
): Promise<void> {
  const began = performance.now();
  const { client, server } = hosts;
  const agents = new Set([
    ...Object.values(hosts).map(({ agent }) => agent),
    ...(lab.server === 'none' ? [client] : [client, server]).map(({ programs }) => programs),
  ]);
  await Promise.all([...agents].map((agent) => agent.ask('sockets')));
  const silentMs = performance.now() - began;
  if (silentMs < SILENT_MS) return;
  const seconds = (silentMs / 1000).toFixed(1);
  throw new HostError(`${message}; but the hosts themselves were silent for ${seconds} s then`);
}

/** What could not even be started has no part in the story. */
async function assertExecuted(programs: readonly Program[]): Promise<void> {
  for (const program of programs) {
    if (!isNotExecuted(program.status) || program.lines.length > 0) continue;
    const { out, err } = await program.output();
    throw new HostError(`${program.name} could not be started: ${[...err, ...out].join(' ')}`);
  }
}

/** How a story passes; each part rejects with the state that did not come. */
export type Course = {
  /** Waits until the server, which has been started, listens. */
  readonly listens: (server: RunningActor) => Promise<void>;
  /** From the client's start to its end. */
  readonly play: (cell: Cell, stage: CellStage) => Promise<void>;
  /** Waits until nothing is under way any more. */
  readonly rest: (client: RunningActor, server: RunningActor | null) => Promise<void>;
};

/** The server listens, the client comes. */
async function begin(
  { lab }: Cell,
  topology: Topology,
  stage: CellStage,
  { listens }: Course,
): Promise<void> {
  await stage.prepare();
  if (lab.server !== 'none') await listens(stage.startServer());
  await stage.ready();
  // Nothing may pass before it can be seen. A lost capture is told where the packets are read.
  if (!isUnavailable(topology.capture)) await topology.capture.untilListening().catch(() => {});
  stage.startClient();
}

/** The fault strikes, the client ends. */
const untilTheEnd: Course['play'] = async (cell, stage) => {
  const { client } = stage;
  const fault = cell.lab.fault?.(stage);
  if (fault) await within('the end of the fault', fault, FAULT_MS);
  if (expectsBlock(cell)) return;
  await within('the end of the client', client.program.exited, PATIENCE_MS, () => {
    const step = client.lastStep;
    return step && `it is at "${step.step}"`;
  });
};

/** That of labs: the programs are the kit's own, and report what they do. */
export const USUAL_COURSE: Course = {
  listens: (server) => server.listens(),
  play: untilTheEnd,
  rest,
};
