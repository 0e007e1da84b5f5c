import type { Packet } from '../../../evidence/connection.ts';
import type { Observation, ProgramRun } from '../../../evidence/observation.ts';
import type { Serves } from '../../lessons/lesson.ts';
import { faultPoints, floodPoints, onWire, type Point, point, storyPoints } from './point.ts';
import { bytesReceived } from './replies.ts';

/** What a program that ended on SIGTERM may end with: 0, or 128 + 15, on which some runtimes insist. */
const ENDED_WELL: readonly (number | null)[] = [0, 143];

/**
 * Holds what a participant's server did against what its exercise asks for, in the order in which a person would
 * mend it. It rests on packets, on what the kit's own client has read, and on how the server ended.
 */
export function examineServer({ after }: Serves, observation: Observation): readonly Point[] {
  const { client, server } = observation;
  const read = (client?.out ?? []).filter((line) => /^The server said: \S/.test(line)).length;
  return [
    ...floodPoints(observation),
    onWire(observation, 'a client can connect to it', (all) => {
      const isOpen = all.some((packet) => isOf(packet, 'SYN'));
      return [isOpen, all.length === 0 ? 'no segment' : 'no SYN,ACK of it'];
    }),
    ...faultPoints(observation, 'the connection'),
    onWire(observation, 'its reply reaches the client', (all) => {
      const came = bytesReceived(all);
      return [came > 0, `${came} bytes on the wire`];
    }),
    point('the client reads the reply', read > 0 && client?.exitStatus === 0, endOf(client)),
    onWire(observation, 'it sends no RST', (all) => {
      const resets = all.filter((packet) => isOf(packet, 'RST'));
      return [resets.length === 0, `${resets.length} RST`];
    }),
    onWire(observation, 'it closes the connection with a FIN', (all) => {
      return [all.some((packet) => isOf(packet, 'FIN')), 'no FIN of it'];
    }),
    ...livePoints(after, server),
    ...storyPoints(observation),
  ];
}

function livePoints(after: Serves['after'], server: ProgramRun | null): Point[] {
  const status = server?.exitStatus ?? null;
  const shows = status === null ? 'it had to be ended' : `it ended with status ${status}`;
  return after === 'ends'
    ? [point('it ends well, soon after SIGTERM', ENDED_WELL.includes(status), shows)]
    : [point('it lives on, for the next client', status === null, shows)];
}

function isOf({ from, flags }: Packet, flag: Packet['flags'][number]): boolean {
  return from !== 'client' && flags.includes(flag);
}

/** What the client says last of its connection. */
function endOf(client: ProgramRun | null): string {
  const said = [...(client?.out ?? []), ...(client?.err ?? [])].at(-1) ?? 'it said nothing';
  return client?.exitStatus === null ? `it still waited; it said: ${said}` : said;
}
