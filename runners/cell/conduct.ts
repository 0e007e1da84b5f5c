import { PATIENCE_MS, within } from '../deadline.ts';
import type { Topology } from '../engines/engine.ts';
import type { Cell } from '../plan.ts';
import { messageOf } from '../user-error.ts';
import { expectsBlock } from '../verdict/expected.ts';
import { rest } from './rest.ts';
import type { CellStage } from './stage.ts';

/** Each of a fault's waits has its own deadline; this one is for a lab that waits for anything else. */
const FAULT_MS = 4 * PATIENCE_MS;

/**
 * Lets the story happen: starts the cell's programs, lets the fault strike, and waits until all has come to
 * rest; programs may still run then.
 *
 * @returns a state that did not come, or null; the cell's evidence is collected all the same
 */
export async function conduct(
  cell: Cell,
  topology: Topology,
  stage: CellStage,
): Promise<string | null> {
  try {
    await tell(cell, topology, stage);
    if (stage.clientActor) await rest(stage.clientActor, stage.serverActor);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** The server listens, the client comes, the fault strikes, the client ends. */
async function tell(cell: Cell, topology: Topology, stage: CellStage): Promise<void> {
  const { lab } = cell;
  await stage.prepare();
  if (lab.server !== 'none') await stage.startServer().listens();
  await stage.ready();
  // Nothing may pass before it can be seen. A lost capture is told where the packets are read.
  if ('listening' in topology.capture) await topology.capture.listening.catch(() => {});
  const client = stage.startClient();
  const fault = lab.fault?.(stage);
  if (fault) await within('the end of the fault', fault, FAULT_MS);
  if (expectsBlock(cell)) return;
  await within('the end of the client', client.program.exited, PATIENCE_MS, () => {
    const step = client.lastStep;
    return step && `it is at "${step.step}"`;
  });
}
