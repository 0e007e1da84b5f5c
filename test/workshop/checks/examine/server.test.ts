import test from 'ava';
import type { Packet } from '../../../../runners/evidence/connection.ts';
import type { Observation } from '../../../../runners/evidence/observation.ts';
import { examineServer } from '../../../../runners/workshop/checks/examine/server.ts';
import type { Serves } from '../../../../runners/workshop/lessons/lesson.ts';
import { packet, REQUEST, ran } from '../../../_observation.ts';
import { CLOSED, REPLIED, RST, SERVED, servant } from '../../_survivor.ts';

const CONNECTS = 'a client can connect to it';
const TOLD = 'the fault meets the connection: SIGTERM to the server';
const REACHES = 'its reply reaches the client';
const READS = 'the client reads the reply';
const NO_RST = 'it sends no RST';
const FIN = 'it closes the connection with a FIN';
const ENDS = 'it ends well, soon after SIGTERM';
const LIVES = 'it lives on, for the next client';

const ALIVE = { server: ran([], { exitStatus: null }) };

/** The points of a server with something changed that are not met, with what shows it. */
function open(more: Partial<Observation>, after: Serves['after'] = 'ends'): string[] {
  return examineServer({ after }, servant(more))
    .filter(({ standing }) => standing !== 'met')
    .map(({ asks, standing, shows }) => `${standing} · ${asks} · ${shows}`);
}

function seen(...got: readonly (Packet | readonly Packet[])[]): Partial<Observation> {
  return { packets: { got: got.flat() } };
}

function client(out: readonly string[], more: Parameters<typeof ran>[1] = {}) {
  return { client: ran([], { out, ...more }) };
}

test('a good server meets all points, in the order in which a person mends them', (t) => {
  const points = (after: Serves['after'], more: Partial<Observation> = {}) =>
    examineServer({ after }, servant(more)).map(({ asks, standing }) => `${standing} · ${asks}`);
  const all = [CONNECTS, TOLD, REACHES, READS, NO_RST, FIN].map((asks) => `met · ${asks}`);
  t.deepEqual(points('ends'), [...all, `met · ${ENDS}`]);
  t.deepEqual(points('goes on', ALIVE), [...all, `met · ${LIVES}`]);
});

test('nobody could connect: no segment, or none that answers', (t) => {
  const [syn] = REQUEST;
  const refused = packet('server', 'RST ACK', { seq: 0 });
  const [connects] = open(seen());
  t.is(connects, `not met · ${CONNECTS} · no segment`);
  if (syn === undefined) return t.fail();
  t.is(open(seen(syn))[0], `not met · ${CONNECTS} · no SYN,ACK of it`);
  t.is(open(seen(syn, refused))[0], `not met · ${CONNECTS} · no SYN,ACK of it`);
});

test('a fault that met no connection was not met by the server', (t) => {
  const actions = [{ what: 'SIGTERM to the server', timeUs: 1, touched: 0 }];
  t.deepEqual(open({ actions }), [`not met · ${TOLD} · met 0`]);
});

test('a reply must have come: the client has acknowledged it', (t) => {
  const [sent] = REPLIED;
  if (sent === undefined) return t.fail();
  t.deepEqual(open(seen(REQUEST, CLOSED.slice(0, 1))), [
    `not met · ${REACHES} · 0 bytes on the wire`,
  ]);
  t.deepEqual(open(seen(REQUEST, sent, packet('server', 'FIN ACK', { seq: 15 }))), [
    `not met · ${REACHES} · 0 bytes on the wire`,
  ]);
});

test('what the client says must be a reply, and that it ended well', (t) => {
  const said = 'Connection reset: the server or something on the way aborted the connection.';
  t.deepEqual(open(client([], { exitStatus: 1, err: [said] })), [`not met · ${READS} · ${said}`]);
  t.deepEqual(open(client(['The server said: '])), [`not met · ${READS} · The server said: `]);
  t.deepEqual(open(client(['The server said: Hello Client!'], { exitStatus: 1 })), [
    `not met · ${READS} · The server said: Hello Client!`,
  ]);
  t.deepEqual(open(client(['The server said: Busy, try again later.'])), []);
});

test('a client that still waits has read nothing, or not to the end', (t) => {
  t.deepEqual(open(client(['The server said: Hello Client!'], { exitStatus: null })), [
    `not met · ${READS} · it still waited; it said: The server said: Hello Client!`,
  ]);
  t.deepEqual(open(client([], { exitStatus: null })), [
    `not met · ${READS} · it still waited; it said: it said nothing`,
  ]);
});

test('a client that was never started has read nothing', (t) => {
  t.deepEqual(open({ client: null }), [`not met · ${READS} · it said nothing`]);
});

test('each RST of the server counts, those of the client do not', (t) => {
  t.deepEqual(open(seen(SERVED, RST)), [`not met · ${NO_RST} · 1 RST`]);
  t.deepEqual(open(seen(SERVED, RST, RST)), [`not met · ${NO_RST} · 2 RST`]);
  t.deepEqual(open(seen(SERVED, packet('client', 'RST', { seq: 16 }))), []);
});

test('a server that never closes sends no FIN; that of the client is none of it', (t) => {
  const [, ofClient] = CLOSED;
  if (ofClient === undefined) return t.fail();
  t.deepEqual(open(seen(REQUEST, REPLIED, ofClient)), [`not met · ${FIN} · no FIN of it`]);
});

test('it ends well: with 0, or with what a runtime insists on after SIGTERM', (t) => {
  const ended = (exitStatus: number | null) => open({ server: ran([], { exitStatus }) });
  t.deepEqual(ended(0), []);
  t.deepEqual(ended(143), []);
  t.deepEqual(ended(1), [`not met · ${ENDS} · it ended with status 1`]);
  t.deepEqual(ended(137), [`not met · ${ENDS} · it ended with status 137`]);
  t.deepEqual(ended(null), [`not met · ${ENDS} · it had to be ended`]);
});

test('it lives on: whatever its status, it must not have ended', (t) => {
  const lives = (server: Observation['server']) => open({ server }, 'goes on');
  t.deepEqual(lives(ran([], { exitStatus: null })), []);
  t.deepEqual(lives(ran([], { exitStatus: 0 })), [`not met · ${LIVES} · it ended with status 0`]);
});

test('a state of the story that did not come is told', (t) => {
  const problem = 'a listening socket of the server did not come within 15 s';
  t.deepEqual(open({ problem }), [`not met · all of the story happens · ${problem}`]);
});

test('without packets all that only they can tell is unknown', (t) => {
  const shows = 'no packets: tcpdump is not there';
  t.deepEqual(
    open({ packets: { missing: 'tcpdump is not there' } }),
    [CONNECTS, REACHES, NO_RST, FIN].map((asks) => `unknown · ${asks} · ${shows}`),
  );
});

test('a flood of which not all is kept was not asked for, whatever it would have shown', (t) => {
  const packets = { missing: 'more than 2000 segments', lost: true, flood: true } as const;
  t.is(open({ packets })[0], 'not met · it sends no flood of segments · more than 2000 segments');
});
