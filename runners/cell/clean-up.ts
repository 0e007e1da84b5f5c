import { needsAdministrator } from '../catalog/topology.ts';
import { within } from '../deadline.ts';
import type { Topology } from '../engines/engine.ts';
import type { Cell } from '../plan.ts';
import { NO_RULES } from './firewall.ts';
import { socketsOn } from './live-connections.ts';
import type { CellStage } from './stage.ts';

/** Ends what still runs of a cell and takes its rules and sockets away, so that its hosts can serve the next. */
export async function cleanUp(cell: Cell, topology: Topology, stage: CellStage): Promise<void> {
  for (const host of Object.values(stage.hosts)) await host.leavesQueue();
  await Promise.all(
    stage.programs
      .filter(({ isLost }) => !isLost)
      .map(async (program) => {
        await program.endAll();
        await within(`the end of ${program.name} after SIGKILL`, program.exited);
      }),
  );
  const needs = cell.lab.needs ?? [];
  if (!needsAdministrator(needs)) return;
  await Promise.all(
    Object.values(topology.hosts).map(async ({ administrator }) => {
      if (needs.includes('nft') && administrator.hasRun('nft')) {
        await administrator.run('nft', NO_RULES);
      }
      // What was cut off would go on to send, and be counted in the next cell.
      const sockets = await socketsOn({ agent: administrator });
      // To look costs far less than to start a command.
      if (sockets.some(({ state }) => state !== 'LISTEN')) {
        await administrator.run('ss', '-tK', 'state', 'connected');
      }
    }),
  );
}
