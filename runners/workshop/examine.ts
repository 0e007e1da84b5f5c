import type { Packet } from '../evidence/connection.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Survives } from './lesson.ts';

/** One thing that an exercise asks for, and what the run showed of it. */
export type Point = {
  readonly asks: string;
  /** `unknown`: the evidence for it could not be collected. */
  readonly standing: 'met' | 'not met' | 'unknown';
  readonly shows: string;
};

/** The reply of the example servers. */
export const REPLY = 'Hello Client!';
/** On the wire it ends with a line feed. */
const REPLY_BYTES = Buffer.byteLength(`${REPLY}\n`);

/**
 * Holds what a participant's client did against what its exercise asks for, in the order in which a person would
 * mend it. It rests on packets, output and exit status: the steps that a program reports are the participant's to
 * change.
 */
export function examine(
  { replies, connections }: Survives,
  { packets, client, actions, problem }: Observation,
): readonly Point[] {
  const seen = 'got' in packets ? packets.got : null;
  const noPackets = 'missing' in packets ? `no packets: ${packets.missing}` : '';
  const onWire = (asks: string, judge: (packets: readonly Packet[]) => [boolean, string]): Point =>
    seen === null ? { asks, standing: 'unknown', shows: noPackets } : point(asks, ...judge(seen));
  const printed = (client?.out ?? []).filter((line) => line.includes(REPLY)).length;
  const status = client?.exitStatus ?? null;
  return [
    onWire('it connects and sends its request', (all) => {
      const requests = all.filter(({ from, length }) => from === 'client' && length > 0);
      return [requests.length > 0, all.length === 0 ? 'no segment' : counted(requests, 'segment')];
    }),
    ...actions
      // A client is only held up, so that the fault comes first.
      .filter(({ what }) => !what.startsWith('SIGSTOP'))
      .map(({ what, touched }) =>
        point(`the fault meets its connection: ${what}`, touched > 0, `met ${touched}`),
      ),
    onWire(
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
    onWire(`it makes at most ${connections} connections`, (all) => {
      const made = new Set(all.map(({ connection }) => connection)).size;
      return [made <= connections, `${made} made`];
    }),
    point(
      'it ends with status 0, soon after the fault',
      status === 0 && problem === null,
      status === null ? 'it had to be ended' : `status ${status}`,
    ),
    ...(problem === null ? [] : [point('all of the story happens', false, problem)]),
  ];
}

function point(asks: string, isMet: boolean, shows: string): Point {
  return { asks, standing: isMet ? 'met' : 'not met', shows };
}

function counted(things: readonly unknown[], what: string): string {
  return `${things.length} ${what}${things.length === 1 ? '' : 's'} with data`;
}

/** How many replies have reached the client's kernel. */
export function repliesReceived(packets: readonly Packet[]): number {
  return Math.floor(bytesReceived(packets) / REPLY_BYTES);
}

/** Bytes of payload that the client's kernel has acknowledged, on all of its connections. */
function bytesReceived(packets: readonly Packet[]): number {
  const ends = new Map<number, number>();
  for (const { from, flags, ack, connection } of packets) {
    if (from !== 'client' || ack === null || flags.includes('RST')) continue;
    ends.set(connection, Math.max(ends.get(connection) ?? 0, ack));
  }
  return packets
    .filter(({ from, length, retransmission, keepAlive, seq, connection }) => {
      const isNew = length > 0 && !retransmission && !keepAlive;
      return from !== 'client' && isNew && seq + length <= (ends.get(connection) ?? 0);
    })
    .reduce((sum, { length }) => sum + length, 0);
}
