import type { Observation } from '../../../evidence/observation.ts';
import type { Survives } from '../../lessons/lesson.ts';
import { faultPoints, floodPoints, onWire, type Point, point, storyPoints } from './point.ts';
import { REPLY, repliesReceived } from './replies.ts';

/**
 * Holds what a participant's client did against what its exercise asks for, in the order in which a person would
 * mend it. It rests on packets, output and exit status: the steps that a program reports are the participant's to
 * change.
 */
export function examineClient(
  { replies, connections }: Survives,
  observation: Observation,
): readonly Point[] {
  const { client, problem } = observation;
  const printed = (client?.out ?? []).filter((line) => line.includes(REPLY)).length;
  const status = client?.exitStatus ?? null;
  return [
    ...floodPoints(observation),
    onWire(observation, 'it connects and sends its request', (all) => {
      const requests = all.filter(({ from, length }) => from === 'client' && length > 0);
      return [requests.length > 0, all.length === 0 ? 'no segment' : counted(requests, 'segment')];
    }),
    ...faultPoints(observation, 'its connection'),
    onWire(
      observation,
      replies === 1 ? "the server's reply reaches it" : `${replies} replies of the server reach it`,
      (all) => {
        const came = repliesReceived(all);
        return [came >= replies, `${came} on the wire`];
      },
    ),
    point(
      replies === 1 ? 'it prints the reply' : `it prints ${replies} replies`,
      printed >= replies,
      `${printed} printed`,
    ),
    onWire(observation, `it makes at most ${connections} connections`, (all) => {
      const made = new Set(all.map(({ connection }) => connection)).size;
      return [made <= connections, `${made} made`];
    }),
    point(
      'it ends with status 0, soon after the fault',
      status === 0 && problem === null,
      status === null ? 'it had to be ended' : `status ${status}`,
    ),
    ...storyPoints(observation),
  ];
}

function counted(things: readonly unknown[], what: string): string {
  return `${things.length} ${what}${things.length === 1 ? '' : 's'} with data`;
}
