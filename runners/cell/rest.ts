import { until } from '../deadline.ts';
import type { Socket } from '../evidence/sockets.ts';
import type { StepName } from '../evidence/steps.ts';
import type { RunningActor } from './actor.ts';

/** States through which a connection passes on its way to rest. */
const MOVING = new Set(['SYN-SENT', 'SYN-RECEIVED', 'FIN-WAIT-1', 'CLOSING', 'LAST-ACK']);

/** Steps of a server that only somebody else can end. */
const WAITING = new Set<StepName>(['wait', 'accept', 'pause', 'work']);
/** Steps that end when something comes: at rest only while nothing has come. */
const READING = new Set<StepName>(['read', 'drain']);

/** Waits until the server has ended or waits on purpose, and nothing is under way any more. */
export async function rest(client: RunningActor, server: RunningActor | null): Promise<void> {
  if (server) {
    await until(
      'the end of the server, or a step in which it waits',
      async () => ((await isAtRest(server)) ? true : undefined),
      { instead: async () => `it is at "${server.lastStep?.step}"` },
    );
  }
  await connectionsRest(server ? [client, server] : [client]);
}

/** Waits until no connection of these is on its way to another state. */
export async function connectionsRest(actors: readonly RunningActor[]): Promise<void> {
  await until('rest of the connection (nothing unacknowledged, no closing under way)', async () => {
    const sockets = (await Promise.all(actors.map((actor) => actor.connections()))).flat();
    return sockets.some(isMoving) ? undefined : true;
  });
}

async function isAtRest(server: RunningActor): Promise<boolean> {
  const { program, lastStep } = server;
  if (program.status !== undefined || program.isLost) return true;
  if (!lastStep || lastStep.end !== null) return false;
  if (WAITING.has(lastStep.step)) return true;
  if (!READING.has(lastStep.step)) return false;
  const sockets = await server.connections();
  return sockets.every(({ state, unread }) => state !== 'CLOSE-WAIT' && unread === 0);
}

function isMoving({ state, unacknowledged }: Socket): boolean {
  return MOVING.has(state) || (state === 'ESTABLISHED' && unacknowledged > 0);
}
