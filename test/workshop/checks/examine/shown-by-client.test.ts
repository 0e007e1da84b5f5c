import test from 'ava';
import type { Packet } from '../../../../runners/evidence/connection.ts';
import type { Observation } from '../../../../runners/evidence/observation.ts';
import { shownByClient } from '../../../../runners/workshop/checks/examine/shown-by-client.ts';
import { packet, REQUEST, ran, type Said } from '../../../_observation.ts';
import { LOST, on, REPLIED, RST, survivor } from '../../_survivor.ts';

const SURVIVES = { replies: 1, connections: 2 };

/** What a client's run shows, of which these segments were seen. */
function told(
  packets: readonly Packet[],
  client: Partial<NonNullable<Observation['client']>> & { readonly said?: readonly Said[] } = {},
  survives = SURVIVES,
): string | undefined {
  const { said = [], ...more } = client;
  return shownByClient(
    survivor({ packets: { got: packets }, client: ran(said, { exitStatus: 1, ...more }) }),
    survives,
  );
}

const PRINTED = ['The server said: Hello Client!'];
const HANDSHAKE = REQUEST.slice(0, 3);
const FIN = packet('server', 'FIN ACK', { ack: 15 });
const WAITS = { said: ['connect ok', 'send ok', 'read begin'], exitStatus: null } as const;
/** The client has seen nothing of the FIN, and sends more. */
const WROTE = [...REQUEST, FIN, packet('client', 'PSH ACK', { seq: 15, ack: 2, length: 14 })];

test('without packets, or without anything that went wrong on them, nothing is told', (t) => {
  const packets = { missing: 'tcpdump is not there' };
  t.is(shownByClient(survivor({ packets, client: ran([]) }), SURVIVES), undefined);
  t.is(told(REQUEST), undefined);
  t.is(told([...REQUEST, ...REPLIED], { out: PRINTED, exitStatus: 0 }), undefined);
  t.is(told(REQUEST, { exitStatus: null }), undefined, 'it reports no step at which it is');
});

test('no segment: it ended without having tried, or has not even tried', (t) => {
  t.is(
    told([], { exitStatus: 3 }),
    'Your client sent no segment: it ended with status 3 without having tried to connect.',
  );
  t.is(
    told([], { exitStatus: null }),
    'Your client sent no segment: it has not even tried to connect when its time was over. Does it sleep, or wait for something else?',
  );
  t.regex(
    shownByClient(survivor({ packets: { got: [] }, client: null }), SURVIVES) ?? '',
    /not even tried/,
  );
});

test('a connection without a request', (t) => {
  t.is(told(HANDSHAKE), 'Your client connected, but sent no byte of a request.');
});

test('a client whose only try was refused, or met silence, is not told that it connected', (t) => {
  const [syn] = REQUEST;
  if (syn === undefined) return t.fail();
  t.is(
    told([syn, packet('server', 'RST ACK', { seq: 0 })]),
    'Your client tried to connect, and it was refused (RST in answer to SYN).',
  );
  t.is(told([syn]), 'Your client tried to connect, and nothing answered.');
});

test('what is printed, but was never said', (t) => {
  t.is(
    told(LOST, { out: PRINTED }),
    'Your client printed 1 reply, and no reply has reached it: it printed what no server has said.',
  );
  t.is(
    told([...REQUEST, ...REPLIED], { out: [...PRINTED, ...PRINTED] }),
    'Your client printed 2 replies, and 1 reply has reached it: it printed what no server has said.',
  );
});

test('too many connections', (t) => {
  t.is(
    told([...LOST, ...on(2, LOST), ...on(3, LOST)]),
    'Your client made 3 connections. Without a limit, and a growing random wait between tries, all clients of a failed server come back at once.',
  );
  t.notRegex(told([...LOST, ...on(2, LOST)]) ?? '', /Without a limit/);
});

test('a good status without the reply', (t) => {
  t.is(
    told(LOST, { exitStatus: 0 }),
    'Your client ended with status 0, as if all were well, but printed no reply. An exception that is swallowed helps nobody.',
  );
  const twice = { replies: 2, connections: 2 };
  t.regex(
    told([...REQUEST, ...REPLIED], { exitStatus: 0, out: PRINTED }, twice) ?? '',
    /but printed 1 reply\. /,
  );
});

test('a client that still waits: nothing tells it, or something did', (t) => {
  t.is(
    told(REQUEST, WAITS),
    'Your client still waits in read. No segment tells it of the end, and none will: it has no patience of its own, neither a timeout nor keepalive.',
  );
  t.is(
    told(LOST, WAITS),
    'Your client still waits in read, though its connection had ended: a RST ended it.',
  );
  t.regex(
    told([...REQUEST, FIN], WAITS) ?? '',
    /though its connection had ended: a FIN ended it\.$/,
  );
});

test('where a client waits is the last of its steps that has not ended', (t) => {
  const at = (...said: readonly Said[]) => told(REQUEST, { said, exitStatus: null });
  t.regex(at('connect ok', 'wait begin', 'read begin', 'send ok') ?? '', /still waits in read\./);
  t.is(at('connect ok', 'send ok', 'read ok'), undefined);
});

test('a client that died in a step does not wait in it', (t) => {
  t.regex(told(LOST, { ...WAITS, exitStatus: 141 }) ?? '', /^Your client made one connection/);
});

test('a write after the FIN had come', (t) => {
  t.is(
    told(WROTE),
    'Your client wrote after the FIN had come: the end of file was there to be read, and nobody looked.',
  );
  t.is(told(REQUEST.slice(0, 4)), undefined, 'there is no FIN');
});

test('one connection that ended', (t) => {
  t.is(
    told(LOST),
    'Your client made one connection, and a RST ended it. It did not try another one.',
  );
  t.is(
    told([...REQUEST, FIN]),
    'Your client made one connection, and a FIN ended it. It did not try another one.',
  );
});

test('of several connections the end of the last one is told', (t) => {
  t.is(
    told([...LOST, ...on(2, [...REQUEST, FIN])]),
    'Your client made 2 connections; of the last one, a FIN ended it.',
  );
  const [syn] = REQUEST;
  const refused = [...(syn ? [syn] : []), packet('server', 'RST ACK', { seq: 0 })];
  t.is(
    told([...LOST, ...on(2, refused)]),
    'Your client made 2 connections; of the last one, it was refused (RST in answer to SYN).',
  );
  t.is(told([...LOST, ...on(2, REQUEST)]), undefined);
});

test('a RST is told before a FIN, and one of the client itself is no end by its peer', (t) => {
  t.regex(told([...REQUEST, FIN, RST]) ?? '', /a RST ended it/);
  t.is(told([...REQUEST, packet('client', 'RST ACK')]), undefined);
});

// Each run shows also all that follows it in this list, as far as both can be.
const few = { replies: 1, connections: 1 };
const inOrder: readonly (readonly [RegExp, string | undefined])[] = [
  [/^Your client sent no segment: it ended/, told([], { exitStatus: 0, out: PRINTED }, few)],
  [/sent no byte/, told([...HANDSHAKE, ...on(2, HANDSHAKE)], { exitStatus: 0, out: PRINTED }, few)],
  [/^Your client printed/, told([...LOST, ...on(2, WROTE)], { exitStatus: 0, out: PRINTED }, few)],
  [/^Your client made 2 connections\. /, told([...LOST, ...on(2, WROTE)], { exitStatus: 0 }, few)],
  [/^Your client made 2 connections\. /, told([...LOST, ...on(2, WROTE)], WAITS, few)],
  [/ended with status 0/, told(WROTE, { exitStatus: 0, said: WAITS.said })],
  [/still waits in read, though/, told(WROTE, WAITS)],
  [/wrote after the FIN/, told([...WROTE, RST])],
];

for (const [place, [sentence, said]] of inOrder.entries()) {
  test(`of several things that can be told the first is: ${place + 1} · ${sentence}`, (t) => {
    t.regex(said ?? '', sentence);
  });
}
