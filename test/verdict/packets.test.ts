import test from 'ava';
import type { Expectation } from '../../runners/catalog/lab.ts';
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
  t.is(observed, 'stateless RST from both, FIN from server');
});
