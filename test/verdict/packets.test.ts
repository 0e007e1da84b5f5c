import test from 'ava';
import type { Expectation } from '../../runners/catalog/expectation.ts';
import type { Packet } from '../../runners/evidence/connection.ts';
import { judgePackets } from '../../runners/verdict/packets.ts';
import { packet, REQUEST } from '../_observation.ts';

type Expected = Expectation['packets'];

const SERVER_RST: Expected = { rst: { from: 'server' }, fin: 'none' };
const NOTHING: Expected = { rst: 'none', fin: 'none' };
const clientRst = packet('client', 'RST ACK');
const serverRst = packet('server', 'RST ACK');
const clientFin = packet('client', 'FIN ACK');
const serverFin = packet('server', 'FIN ACK');

function agreement(expected: Expected, after: readonly Packet[], before = REQUEST) {
  return judgePackets(expected, { got: [...before, ...after] }).agreement;
}

test('a RST of the expected side agrees; of the other, of both, or of nobody contradicts', (t) => {
  t.is(agreement(SERVER_RST, [serverRst]), 'agrees');
  t.is(agreement(SERVER_RST, [serverRst, serverRst]), 'agrees');
  t.is(agreement(SERVER_RST, [clientRst]), 'contradicts');
  t.is(agreement(SERVER_RST, [serverRst, clientRst]), 'contradicts');
  t.is(agreement(SERVER_RST, []), 'contradicts');
});

test('a RST where none is expected contradicts', (t) => {
  t.is(agreement(NOTHING, []), 'agrees');
  t.is(agreement(NOTHING, [serverRst]), 'contradicts');
});

test('a FIN in place of a RST contradicts, and is named', (t) => {
  t.deepEqual(judgePackets(SERVER_RST, { got: [...REQUEST, serverFin] }), {
    agreement: 'contradicts',
    expected: 'RST from server, no FIN',
    observed: 'no RST, FIN from server',
  });
});

test('only a FIN before the first RST counts', (t) => {
  t.is(agreement(SERVER_RST, [serverRst, clientFin]), 'agrees');
  t.is(agreement(SERVER_RST, [clientFin, serverRst]), 'contradicts');
  t.is(agreement({ ...SERVER_RST, fin: 'client' }, [clientFin, serverRst]), 'agrees');
  t.is(agreement({ ...SERVER_RST, fin: 'client' }, [serverRst, clientFin]), 'contradicts');
});

test('FINs must be of exactly the expected sides', (t) => {
  const fins = {
    none: [],
    client: [clientFin],
    server: [serverFin, serverFin],
    both: [serverFin, clientFin],
  };
  for (const [expected, seen] of Object.entries(fins)) {
    for (const [other, after] of Object.entries(fins)) {
      t.is(
        agreement({ rst: 'none', fin: expected as Expected['fin'] }, after),
        after === seen ? 'agrees' : 'contradicts',
        `${expected} expected, ${other} seen`,
      );
    }
  }
});

test('a stateless RST is not one of a socket', (t) => {
  const stateless = packet('server', 'RST', { stateless: true });
  const kind = (kind: 'socket' | 'stateless'): Expected => ({
    rst: { from: 'server', kind },
    fin: 'none',
  });
  t.is(agreement(kind('socket'), [serverRst]), 'agrees');
  t.is(agreement(kind('stateless'), [stateless]), 'agrees');
  t.is(agreement(kind('socket'), [stateless]), 'contradicts');
  t.is(agreement(kind('stateless'), [serverRst]), 'contradicts');
  t.is(agreement(kind('socket'), [serverRst, stateless]), 'contradicts');
});

test('what a RST answers must be what is expected', (t) => {
  const answers = (what: 'SYN' | 'data'): Expected => ({
    rst: { from: 'server', answers: what },
    fin: 'none',
  });
  const syn = [packet('client', 'SYN', { seq: 0 })];
  t.is(agreement(answers('SYN'), [serverRst], syn), 'agrees');
  t.is(agreement(answers('data'), [serverRst], syn), 'contradicts');
  t.is(agreement(answers('data'), [serverRst]), 'agrees');
  t.is(agreement(answers('SYN'), [serverRst]), 'contradicts');
  const acknowledged = [...REQUEST, packet('client', 'ACK')];
  t.is(agreement(answers('data'), [serverRst], acknowledged), 'contradicts');
});

test('a RST answers a segment of its own connection', (t) => {
  const other = packet('client', 'SYN', { seq: 0, connection: 2 });
  const expected: Expected = { rst: { from: 'server', answers: 'SYN' }, fin: 'none' };
  t.is(agreement(expected, [other, packet('server', 'RST', { connection: 2 })]), 'agrees');
  t.is(agreement(expected, [other, serverRst]), 'contradicts');
});

test('a capture without a connection does not agree that nothing was wrong', (t) => {
  for (const got of [[], [serverFin, clientFin]]) {
    t.deepEqual(judgePackets({ rst: 'none', fin: 'both' }, { got }), {
      agreement: 'contradicts',
      expected: 'no RST, FIN from both',
      observed: 'no SYN of the client: no connection was tried',
    });
  }
});

test('where there is no capture the reason is told', (t) => {
  t.deepEqual(judgePackets(SERVER_RST, { missing: 'tcpdump is not on the PATH' }), {
    agreement: 'unavailable',
    expected: 'RST from server, no FIN',
    observed: 'tcpdump is not on the PATH',
  });
});

test('expectation and observation are told in a few words', (t) => {
  const expected: Expected = {
    rst: { from: 'server', kind: 'stateless', answers: 'data' },
    fin: 'server',
  };
  const got = [...REQUEST, serverFin, packet('client', 'RST', { stateless: true }), serverRst];
  const { expected: wanted, observed } = judgePackets(expected, { got });
  t.is(wanted, 'stateless RST from server in answer to data, FIN from server');
  t.is(
    observed,
    'stateless RST from client in answer to nothing and socket RST from server in answer to nothing, FIN from server',
  );
});

/** A handshake and a request through one router, which has taken one off the server's time to live. */
const ROUTED: readonly Packet[] = REQUEST.map((one) =>
  one.from === 'server' ? { ...one, ttl: 63 } : one,
);
const MIDDLEBOX: Expected = { rst: { from: 'server', by: 'middlebox' }, fin: 'none' };

test('a RST with the time to live of its side’s other segments is not a middlebox’s', (t) => {
  t.is(agreement(MIDDLEBOX, [packet('server', 'RST', { ttl: 64 })], ROUTED), 'agrees');
  t.is(agreement(MIDDLEBOX, [packet('server', 'RST', { ttl: 63 })], ROUTED), 'contradicts');
  t.is(agreement(MIDDLEBOX, [packet('client', 'RST', { ttl: 63 })], ROUTED), 'contradicts');
});

test('a RST with another time to live is not its side’s own', (t) => {
  t.is(agreement(SERVER_RST, [packet('server', 'RST', { ttl: 63 })], ROUTED), 'agrees');
  t.is(agreement(SERVER_RST, [packet('server', 'RST', { ttl: 64 })], ROUTED), 'contradicts');
  const both = [packet('server', 'RST', { ttl: 63 }), packet('server', 'RST', { ttl: 64 })];
  t.is(agreement(SERVER_RST, both, ROUTED), 'contradicts');
  t.is(agreement(MIDDLEBOX, both, ROUTED), 'contradicts');
});

test('times to live are compared within one connection, and with no other RST', (t) => {
  const other = packet('server', 'SYN ACK', { connection: 2, ttl: 64 });
  t.is(agreement(MIDDLEBOX, [other, packet('server', 'RST', { ttl: 64 })], ROUTED), 'agrees');
  const twice = packet('server', 'RST', { ttl: 64 });
  t.is(agreement(MIDDLEBOX, [twice, twice], ROUTED), 'agrees');
});

test('where a side has sent nothing else, nobody can say that a RST is a middlebox’s', (t) => {
  const syn = [packet('client', 'SYN', { seq: 0 })];
  const rst = packet('server', 'RST ACK', { ttl: 12, stateless: true });
  t.is(agreement(MIDDLEBOX, [rst], syn), 'contradicts');
  t.is(agreement(SERVER_RST, [rst], syn), 'agrees');
});

test('whose name a middlebox used is told', (t) => {
  const got = [...ROUTED, packet('server', 'RST', { ttl: 64, stateless: true })];
  t.deepEqual(judgePackets({ rst: { from: 'server', kind: 'stateless' }, fin: 'none' }, { got }), {
    agreement: 'contradicts',
    expected: 'stateless RST from server, no FIN',
    observed: 'stateless RST of a middlebox in the name of server, no FIN',
  });
  t.is(
    judgePackets(MIDDLEBOX, { got }).expected,
    'RST of a middlebox in the name of server, no FIN',
  );
});

test('a RST that answers a keepalive probe answers no data, and the reverse', (t) => {
  const answers = (what: 'keepalive' | 'data'): Expected => ({
    rst: { from: 'server', answers: what },
    fin: 'none',
  });
  const probe = packet('client', 'ACK', { keepAlive: true, seq: 14 });
  // A probe may carry a byte that was sent before.
  for (const one of [probe, { ...probe, length: 1 }]) {
    t.is(agreement(answers('keepalive'), [one, serverRst]), 'agrees');
    t.is(agreement(answers('data'), [one, serverRst]), 'contradicts');
  }
  t.is(agreement(answers('keepalive'), [serverRst]), 'contradicts');
  const acknowledged = [probe, packet('client', 'ACK'), serverRst];
  t.is(agreement(answers('keepalive'), acknowledged), 'contradicts');
  t.is(
    judgePackets(answers('keepalive'), { got: [...REQUEST, serverRst] }).observed,
    'socket RST from server in answer to data, no FIN',
  );
});

test('of a list of expected RSTs none may be missing and none too many', (t) => {
  const stateless = packet('server', 'RST', { stateless: true });
  const both: Expected = {
    rst: [
      { from: 'client', kind: 'socket' },
      { from: 'server', kind: 'stateless' },
    ],
    fin: 'none',
  };
  t.is(agreement(both, [clientRst, stateless]), 'agrees');
  t.is(agreement(both, [stateless, clientRst, stateless]), 'agrees');
  t.is(agreement(both, [clientRst]), 'contradicts', 'one is missing');
  t.is(agreement(both, [stateless]), 'contradicts', 'the other is missing');
  t.is(agreement(both, []), 'contradicts', 'both are missing');
  t.is(agreement(both, [clientRst, stateless, serverRst]), 'contradicts', 'one too many');
  t.is(
    judgePackets(both, { got: [...REQUEST, clientRst] }).expected,
    'socket RST from client and stateless RST from server, no FIN',
  );
});

test('the load balancer is a side like the server', (t) => {
  const got = [
    packet('client', 'SYN', { seq: 0 }),
    packet('balancer', 'SYN ACK', { seq: 0 }),
    packet('balancer', 'FIN ACK'),
    packet('client', 'PSH ACK', { length: 14 }),
    packet('balancer', 'RST', { stateless: true }),
  ];
  const from = (side: 'balancer' | 'server'): Expected => ({
    rst: { from: side, kind: 'stateless', answers: 'data' },
    fin: side,
  });
  t.is(judgePackets(from('balancer'), { got }).agreement, 'agrees');
  t.is(judgePackets(from('server'), { got }).agreement, 'contradicts');
  const closed = [...got.slice(0, 3), packet('client', 'FIN ACK')];
  t.is(judgePackets({ rst: 'none', fin: 'both' }, { got: closed }).agreement, 'agrees');
});

test('of several connections the FINs of those count that were reset', (t) => {
  const second = (one: Packet): Packet => ({ ...one, connection: 2 });
  const closed = [...REQUEST, serverFin, clientFin].map(second);
  // The client asks again over another connection, which ends well.
  t.is(agreement(SERVER_RST, [serverRst, ...closed]), 'agrees');
  t.is(agreement(SERVER_RST, closed, [...REQUEST, serverRst]), 'agrees');
  t.is(agreement({ ...SERVER_RST, fin: 'both' }, [serverRst, ...closed]), 'contradicts');
  t.is(agreement(SERVER_RST, [second(serverFin), serverFin, serverRst]), 'contradicts');
  t.is(agreement({ rst: 'none', fin: 'both' }, [serverFin, second(clientFin)]), 'agrees');
  // A RST of one connection does not hide the FIN that comes after it in another that is reset, too.
  const both = [serverRst, second(clientFin), second(serverRst)];
  t.is(agreement(SERVER_RST, both), 'contradicts');
  t.is(agreement({ ...SERVER_RST, fin: 'client' }, both), 'agrees');
});
