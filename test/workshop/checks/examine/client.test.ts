import test from 'ava';
import type { Observation } from '../../../../runners/evidence/observation.ts';
import { examineClient } from '../../../../runners/workshop/checks/examine/client.ts';
import { packet, REQUEST, ran } from '../../../_observation.ts';
import { LOST, on, REPLIED, survivor } from '../../_survivor.ts';

const ONCE = { replies: 1, connections: 2 };
const TWICE = { replies: 2, connections: 2 };

const SENDS = 'it connects and sends its request';
const KILLED = 'the fault meets its connection: SIGKILL to the server';
const COMES = "the server's reply reaches it";
const PRINTS = 'it prints the reply';
const ENDS = 'it ends with status 0, soon after the fault';

/** The points of a survivor with something changed that are not met, with what shows it. */
function open(more: Partial<Observation>, survives = ONCE): string[] {
  return examineClient(survives, survivor(more))
    .filter(({ standing }) => standing !== 'met')
    .map(({ asks, standing, shows }) => `${standing} · ${asks} · ${shows}`);
}

/** A second connection with something else after its request. */
function afterRequest(...packets: Parameters<typeof on>[1][]): Partial<Observation> {
  return { packets: { got: [...LOST, ...on(2, [...REQUEST, ...packets.flat()])] } };
}

function printing(...out: readonly string[]): Pick<Observation, 'client'> {
  return { client: ran([], { out }) };
}

const REPLY = 'The server said: Hello Client!';

test('a client that survives meets all points, in the order in which a person mends them', (t) => {
  t.deepEqual(
    examineClient(ONCE, survivor()).map(({ asks, standing }) => `${standing} · ${asks}`),
    [SENDS, KILLED, COMES, PRINTS, 'it makes at most 2 connections', ENDS].map(
      (asks) => `met · ${asks}`,
    ),
  );
});

test('a client that sends no segment has neither asked nor got a reply', (t) => {
  t.deepEqual(open({ packets: { got: [] } }), [
    `not met · ${SENDS} · no segment`,
    `not met · ${COMES} · 0 on the wire`,
  ]);
});

test('a connection without data is no request', (t) => {
  const got = [...REQUEST.filter(({ length }) => length === 0), ...REPLIED];
  t.deepEqual(open({ packets: { got } }), [`not met · ${SENDS} · 0 segments with data`]);
});

test('data of the server is no request of the client', (t) => {
  const got = [packet('server', 'PSH ACK', { length: 14 }), packet('client', 'ACK', { ack: 15 })];
  t.deepEqual(open({ packets: { got } }), [`not met · ${SENDS} · 0 segments with data`]);
});

test('a fault that met no connection was not survived', (t) => {
  const actions = [{ what: 'SIGKILL to the server', timeUs: 1, touched: 0 }];
  t.deepEqual(open({ actions }), [`not met · ${KILLED} · met 0`]);
});

test('each deed of the fault must meet a connection', (t) => {
  const actions = [
    { what: 'SIGKILL to the server', timeUs: 1, touched: 1 },
    { what: 'the router forgets', timeUs: 2, touched: 0 },
  ];
  t.deepEqual(open({ actions }), [
    'not met · the fault meets its connection: the router forgets · met 0',
  ]);
});

test('that a client is held up is no fault, and need meet nothing', (t) => {
  const actions = [{ what: 'SIGSTOP to the client', timeUs: 1, touched: 0 }];
  t.deepEqual(open({ actions }), []);
});

test('a reply that is printed, but never came, does not count', (t) => {
  t.deepEqual(open(afterRequest()), [`not met · ${COMES} · 0 on the wire`]);
});

test('a reply that was sent, but not acknowledged, has not come', (t) => {
  const [sent] = REPLIED;
  t.deepEqual(open(afterRequest(sent ? [sent] : [])), [`not met · ${COMES} · 0 on the wire`]);
});

test('an acknowledgement that came with a RST tells nothing', (t) => {
  const [sent] = REPLIED;
  const rst = packet('client', 'RST ACK', { seq: 15, ack: 15 });
  t.deepEqual(open(afterRequest(sent ? [sent, rst] : [])), [`not met · ${COMES} · 0 on the wire`]);
});

test('an acknowledgement of another connection tells nothing', (t) => {
  const [sent, acknowledged] = REPLIED;
  const got = [...on(1, [...REQUEST, ...(sent ? [sent] : [])])];
  t.deepEqual(open({ packets: { got: [...got, ...on(2, acknowledged ? [acknowledged] : [])] } }), [
    `not met · ${COMES} · 0 on the wire`,
  ]);
});

test('a part of a reply is none, and two parts are one', (t) => {
  const part = (seq: number, length: number) => packet('server', 'PSH ACK', { seq, length });
  const all = packet('client', 'ACK', { ack: 15 });
  t.deepEqual(open(afterRequest([part(1, 13), all])), [`not met · ${COMES} · 0 on the wire`]);
  t.deepEqual(open(afterRequest([part(1, 6), part(7, 8), all])), []);
});

test('a reply that is sent again counts once', (t) => {
  const [sent, acknowledged] = REPLIED;
  const again = packet('server', 'PSH ACK', { ack: 15, length: 14, retransmission: true });
  const packets = sent && acknowledged ? [sent, again, acknowledged] : [];
  t.deepEqual(open(afterRequest(packets)), []);
  t.deepEqual(open({ ...afterRequest(packets), ...printing(REPLY, REPLY) }, TWICE), [
    'not met · 2 replies of the server reach it · 1 on the wire',
  ]);
});

test('a probe of the server is no byte of a reply', (t) => {
  const part = packet('server', 'PSH ACK', { length: 13 });
  const probe = packet('server', 'ACK', { seq: 14, length: 1, keepAlive: true });
  const acknowledged = packet('client', 'ACK', { ack: 15 });
  t.deepEqual(open(afterRequest([part, probe, acknowledged])), [
    `not met · ${COMES} · 0 on the wire`,
  ]);
});

test('a reply that came, but was not printed, is lost on its reader', (t) => {
  t.deepEqual(open(printing()), [`not met · ${PRINTS} · 0 printed`]);
  t.deepEqual(open(printing('The server said: hello client!')), [
    `not met · ${PRINTS} · 0 printed`,
  ]);
});

test('what is printed as an error is not printed', (t) => {
  t.deepEqual(open({ client: ran([], { err: [REPLY] }) }), [`not met · ${PRINTS} · 0 printed`]);
});

test('two replies must come, and be printed', (t) => {
  const twice = {
    packets: { got: [...on(1, REQUEST), ...REPLIED, ...on(2, [...REQUEST, ...REPLIED])] },
  };
  t.deepEqual(open({ ...twice, ...printing(REPLY, REPLY) }, TWICE), []);
  t.deepEqual(open({ ...twice, ...printing(REPLY) }, TWICE), [
    'not met · it prints 2 replies · 1 printed',
  ]);
  t.deepEqual(open(printing(REPLY, REPLY), TWICE), [
    'not met · 2 replies of the server reach it · 1 on the wire',
  ]);
});

test('two replies on one connection, in one segment too, are two', (t) => {
  const acknowledged = packet('client', 'ACK', { seq: 29, ack: 29 });
  const second = packet('server', 'PSH ACK', { seq: 15, ack: 29, length: 14 });
  const both = packet('server', 'PSH ACK', { ack: 29, length: 28 });
  for (const replies of [[...REPLIED, second], [both]]) {
    const seen = { ...afterRequest([...replies, acknowledged]), ...printing(REPLY, REPLY) };
    t.deepEqual(open(seen, TWICE), []);
  }
});

test('more connections than are allowed are a storm', (t) => {
  t.deepEqual(open({}, { replies: 1, connections: 1 }), [
    'not met · it makes at most 1 connections · 2 made',
  ]);
});

test('another status than 0 is no good end', (t) => {
  const client = ran([], { out: [REPLY], exitStatus: 1 });
  t.deepEqual(open({ client }), [`not met · ${ENDS} · status 1`]);
});

test('a client that had to be ended has not ended', (t) => {
  const client = ran([], { out: [REPLY], exitStatus: null });
  t.deepEqual(open({ client }), [`not met · ${ENDS} · it had to be ended`]);
});

test('a client of which nothing is known has not survived', (t) => {
  t.deepEqual(open({ client: null }), [
    `not met · ${PRINTS} · 0 printed`,
    `not met · ${ENDS} · it had to be ended`,
  ]);
});

test('a story that did not happen to its end was not survived, whatever the status', (t) => {
  const problem = 'the server did not begin "wait" within 10 s';
  t.deepEqual(open({ problem }), [
    `not met · ${ENDS} · status 0`,
    `not met · all of the story happens · ${problem}`,
  ]);
});

test('without packets what they would show is unknown, and the rest is judged', (t) => {
  const why = 'no packets: tcpdump is not there';
  const packets = { missing: 'tcpdump is not there' };
  const unknown = [SENDS, COMES, 'it makes at most 2 connections'].map(
    (asks) => `unknown · ${asks} · ${why}`,
  );
  t.deepEqual(open({ packets }), unknown);
  t.deepEqual(
    open({ packets, ...printing() }).sort(),
    [...unknown, `not met · ${PRINTS} · 0 printed`].sort(),
  );
});

test('a flood of which not all is kept was not asked for, whatever it would have shown', (t) => {
  const packets = { missing: 'more than 2000 segments', lost: true, flood: true } as const;
  t.is(open({ packets })[0], 'not met · it sends no flood of segments · more than 2000 segments');
});
