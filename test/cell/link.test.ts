import test from 'ava';
import { probesOf, sequenceExpectedByClient } from '../../runners/cell/link.ts';
import type { PcapRecord } from '../../runners/evidence/pcap.ts';
import { carrying, PORT, segment } from './_segments.ts';

const expected = (...records: PcapRecord[]) => sequenceExpectedByClient(carrying(records), PORT);
const handshake = [
  segment('client', 'SYN', { seq: 500 }),
  segment('server', 'SYN ACK', { seq: 1000, ack: 501 }),
  segment('client', 'ACK', { seq: 501, ack: 1001 }),
];
const reply = segment('server', 'PSH ACK', { seq: 1001, length: 20 });

test('a SYN occupies one number, data its length, a FIN one number', (t) => {
  t.deepEqual(expected(...handshake), { clientPort: 40_000, sequence: 1001 });
  t.is(expected(...handshake, reply).sequence, 1021);
  const fin = segment('server', 'FIN ACK', { seq: 1021 });
  t.is(expected(...handshake, reply, fin).sequence, 1022);
  const last = segment('server', 'FIN PSH ACK', { seq: 1001, length: 20 });
  t.is(expected(...handshake, last).sequence, 1022);
  t.is(expected(...handshake, reply, segment('server', 'ACK', { seq: 1021 })).sequence, 1021);
});

test('what the client sends does not matter', (t) => {
  const request = segment('client', 'PSH ACK', { seq: 501, length: 300 });
  t.is(expected(...handshake, reply, request).sequence, 1021);
});

test('after the last number comes 0', (t) => {
  t.is(expected(segment('server', 'SYN ACK', { seq: 0xffffffff })).sequence, 0);
  const before = segment('server', 'PSH ACK', { seq: 0xfffffff0, length: 20 });
  t.is(expected(before).sequence, 4);
  const after = segment('server', 'PSH ACK', { seq: 4, length: 6 });
  t.is(expected(before, after).sequence, 10);
});

test('a retransmission or a keepalive probe of the server does not lead back', (t) => {
  const probe = segment('server', 'ACK', { seq: 1020 });
  t.is(expected(...handshake, reply, probe).sequence, 1021);
  const more = segment('server', 'PSH ACK', { seq: 1021, length: 5 });
  t.is(expected(...handshake, reply, more, reply).sequence, 1026);
  const first = segment('server', 'PSH ACK', { seq: 0xfffffff0, length: 16 });
  const second = segment('server', 'PSH ACK', { seq: 0, length: 8 });
  t.is(expected(first, second, first).sequence, 8, 'across the wrap-around');
  const earlier = segment('server', 'PSH ACK', { seq: 0xffffff00, length: 16 });
  t.is(expected(earlier, first, second, earlier).sequence, 8, 'further before it');
});

test('a RST occupies nothing and says nothing: it may be forged', (t) => {
  t.is(expected(...handshake, segment('server', 'RST', { seq: 9000 })).sequence, 1001);
});

test('of several connections the last counts', (t) => {
  const other = segment('server', 'SYN ACK', { seq: 77, clientPort: 40_001 });
  t.deepEqual(expected(...handshake, reply, other), { clientPort: 40_001, sequence: 78 });
});

test('the connections of other ports are not meant', (t) => {
  const other = segment('server', 'PSH ACK', { seq: 5, length: 5, port: PORT + 1 });
  t.is(expected(...handshake, other).sequence, 1001);
});

test('without a segment of the server, or without a capture, nothing can be said', (t) => {
  const message = 'no segment of the server was captured: its numbers are not known';
  t.throws(() => expected(), { message });
  t.throws(() => expected(segment('client', 'SYN')), { message });
  t.throws(() => sequenceExpectedByClient(carrying([], { linkType: undefined }), PORT), {
    message,
  });
  const capture = { unavailable: 'tcpdump is not on the PATH' };
  t.throws(() => sequenceExpectedByClient(carrying([], { capture }), PORT), {
    message: 'tcpdump is not on the PATH',
  });
});

test('the keepalive probes of each side are counted', (t) => {
  const request = segment('client', 'PSH ACK', { seq: 501, ack: 1001, length: 14 });
  const clients = segment('client', 'ACK', { seq: 514, ack: 1001 });
  const answer = segment('server', 'ACK', { seq: 1001, ack: 515 });
  const servers = segment('server', 'ACK', { seq: 1000, ack: 515 });
  const topology = carrying([...handshake, request, answer, clients, answer, clients, servers]);
  t.is(probesOf(topology, PORT, 'client'), 2);
  t.is(probesOf(topology, PORT, 'server'), 1);
  t.is(probesOf(topology, PORT + 1, 'client'), 0);
  t.is(probesOf(carrying([...handshake, request, answer]), PORT, 'client'), 0);
});

test('without a capture no probe is counted', (t) => {
  t.is(probesOf(carrying([], { capture: { unavailable: 'no tcpdump' } }), PORT, 'client'), 0);
  t.is(probesOf(carrying([], { linkType: undefined }), PORT, 'client'), 0);
});
