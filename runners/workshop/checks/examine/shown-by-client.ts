import type { Packet } from '../../../evidence/connection.ts';
import type { Observation } from '../../../evidence/observation.ts';
import type { Survives } from '../../lessons/lesson.ts';
import { REPLY, repliesReceived } from './replies.ts';

/**
 * What the run of a participant's client shows, in one or two sentences: the first hint. Undefined where nothing of
 * it can be told.
 */
export function shownByClient(
  observation: Observation,
  { replies, connections }: Survives,
): string | undefined {
  const { client, packets } = observation;
  const status = client?.exitStatus ?? null;
  const printed = (client?.out ?? []).filter((line) => line.includes(REPLY)).length;
  if ('missing' in packets) return undefined;
  const all = packets.got;
  const made = Math.max(0, ...all.map(({ connection }) => connection));
  if (all.length === 0) {
    return status === null
      ? 'Your client sent no segment: it has not even tried to connect when its time was over. Does it sleep, or wait for something else?'
      : `Your client sent no segment: it ended with status ${status} without having tried to connect.`;
  }
  if (!all.some(({ from, length }) => from === 'client' && length > 0)) {
    return all.some(({ from, flags }) => from !== 'client' && flags.includes('SYN'))
      ? 'Your client connected, but sent no byte of a request.'
      : `Your client tried to connect, and ${endOf(all) ?? 'nothing answered'}.`;
  }
  if (printed > repliesReceived(all)) {
    return `Your client printed ${counted(printed, 'reply', 'replies')}, and ${counted(repliesReceived(all), 'reply has', 'replies have')} reached it: it printed what no server has said.`;
  }
  if (made > connections) {
    return `Your client made ${made} connections. Without a limit, and a growing random wait between tries, all clients of a failed server come back at once.`;
  }
  if (status === 0 && printed < replies) {
    return `Your client ended with status 0, as if all were well, but printed ${counted(printed, 'reply', 'replies')}. An exception that is swallowed helps nobody.`;
  }
  const last = all.filter(({ connection }) => connection === made);
  const ended = endOf(last);
  const waits = waiting(observation);
  if (status === null && waits !== undefined) {
    return ended === undefined
      ? `Your client still waits in ${waits}. No segment tells it of the end, and none will: it has no patience of its own, neither a timeout nor keepalive.`
      : `Your client still waits in ${waits}, though its connection had ended: ${ended}.`;
  }
  const wrote = wroteAfterFin(last);
  if (wrote) {
    return 'Your client wrote after the FIN had come: the end of file was there to be read, and nobody looked.';
  }
  if (ended !== undefined && made === 1) {
    return `Your client made one connection, and ${ended}. It did not try another one.`;
  }
  if (ended !== undefined)
    return `Your client made ${made} connections; of the last one, ${ended}.`;
  return undefined;
}

/** How the peer ended a connection. */
function endOf(packets: readonly Packet[]): string | undefined {
  const ofPeer = packets.filter(({ from }) => from !== 'client');
  const rst = ofPeer.find(({ flags }) => flags.includes('RST'));
  if (rst?.flags.includes('ACK') && !packets.some(({ ack }) => ack !== null && ack > 1)) {
    return 'it was refused (RST in answer to SYN)';
  }
  if (rst !== undefined) return 'a RST ended it';
  if (ofPeer.some(({ flags }) => flags.includes('FIN'))) return 'a FIN ended it';
  return undefined;
}

function wroteAfterFin(packets: readonly Packet[]): boolean {
  const fin = packets.findIndex(({ from, flags }) => from !== 'client' && flags.includes('FIN'));
  return fin >= 0 && packets.slice(fin).some(({ from, length }) => from === 'client' && length > 0);
}

/** The step at which the client still is, if it reports any. */
function waiting({ client }: Observation): string | undefined {
  return client?.report.steps.findLast(({ end }) => end === null)?.step;
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? `no ${one}` : `${count} ${count === 1 ? one : many}`;
}
