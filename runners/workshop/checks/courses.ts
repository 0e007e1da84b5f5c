import type { NamedLab } from '../../catalog/lab.ts';
import { type Course, USUAL_COURSE } from '../../cell/conduct.ts';
import { connectionsRest } from '../../cell/rest.ts';
import type { CellStage } from '../../cell/stage.ts';
import { PATIENCE_MS, within } from '../../deadline.ts';
import type { Exercise, Serves } from '../lessons/lesson.ts';

/** How long after the fault a program may take to survive it. Its tries and its patience must fit. */
const SURVIVES_WITHIN_MS = 8_000;
/** A client that has ended cannot be waited for; what is done on other hosts may be under way. */
const REST_OF_FAULT_MS = 1_000;

/** How an exercise passes: nothing is waited for that only the participant's program would tell. */
export function courseOf(exercise: Exercise): Course {
  if (exercise.changes === 'client') return SURVIVING;
  const { after } = exercise.serves;
  return { ...SERVING, play: ({ lab }, stage) => serve(lab, stage, after) };
}

/** The fault strikes, and the client has some seconds to survive it. */
const SURVIVING: Course = {
  ...USUAL_COURSE,
  play: ({ lab }, stage) => strike(lab, stage, 'your client'),
};

/** A participant's server reports no steps: its sockets tell how far it is. */
const SERVING: Omit<Course, 'play'> = {
  listens: (server) => server.opensListener(PATIENCE_MS),
  rest: (client, server) => connectionsRest(server === null ? [client] : [client, server]),
};

/** The fault strikes; the client must come to an end, its connection too, and the server go on or end. */
async function serve(lab: NamedLab, stage: CellStage, after: Serves['after']): Promise<void> {
  const { client, server } = stage;
  // It is not the server's fault where a client takes long to start.
  await client.begins('connect');
  // What the fault has still to see of the server may take as long as the server may.
  await strike(lab, stage, 'the client', SURVIVES_WITHIN_MS);
  await server.givesUp(SURVIVES_WITHIN_MS);
  if (after === 'ends') {
    await within('the end of your server', server.program.exited, SURVIVES_WITHIN_MS);
    await server.closesListener(REST_OF_FAULT_MS);
  } else {
    // One that is about to end does not sleep yet.
    await server.settles();
    await server.opensListener(SURVIVES_WITHIN_MS);
  }
}

/** @param restMs how long what is left of the fault may take when the client has ended */
async function strike(
  lab: NamedLab,
  stage: CellStage,
  whose: string,
  restMs = REST_OF_FAULT_MS,
): Promise<void> {
  const { exited } = stage.client.program;
  const fault = lab.fault?.(stage) ?? Promise.resolve();
  const ended = exited.then(() =>
    within(`the rest of the fault, when ${whose} had ended,`, fault, restMs),
  );
  ended.catch(() => {});
  try {
    await Promise.race([fault, ended]);
  } catch (error) {
    // Of a client that ends all the same, its last words are of interest.
    await within(`the end of ${whose}`, exited, REST_OF_FAULT_MS).catch(() => {});
    throw error;
  }
  await within(`the end of ${whose} after the fault`, exited, SURVIVES_WITHIN_MS, () => {
    const step = stage.client.lastStep;
    return step && `it is at "${step.step}"`;
  });
  await ended;
}
