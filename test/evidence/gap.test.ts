import test from 'ava';
import type { Packet } from '../../runners/evidence/connection.ts';
import { exactResets, gapIn } from '../../runners/evidence/gap.ts';
import { packet, REQUEST } from '../_observation.ts';

const reset = packet('server', 'RST ACK', { ack: 15 });

test('a capture from the SYN to the RST has no gap', (t) => {
  t.is(gapIn([...REQUEST, reset]), null);
  t.is(gapIn([]), null);
});

test('a connection must begin with a SYN of the client', (t) => {
  const gap = 'a connection without the SYN of the client before it';
  t.is(gapIn(REQUEST.slice(1)), gap);
  t.is(gapIn([reset, ...REQUEST]), gap);
  t.is(gapIn([...REQUEST, { ...reset, connection: 2 }]), gap, 'each connection');
});

test('nothing is acknowledged before it is sent', (t) => {
  const gap = 'an acknowledgement of what was not captured';
  const [syn, synAck, ack, request, acknowledged] = REQUEST as [
    Packet,
    Packet,
    Packet,
    Packet,
    Packet,
  ];
  t.is(gapIn([syn, ack]), gap, 'the SYN of the server');
  t.is(gapIn([syn, synAck, ack, acknowledged]), gap, 'the request');
  t.is(gapIn([syn, synAck, ack, acknowledged, request]), gap, 'its order');
  t.is(gapIn([...REQUEST, packet('client', 'ACK', { seq: 15, ack: 2 })]), gap, 'a FIN');
});

test('sequence numbers begin anew after 2^32', (t) => {
  const much = packet('client', 'ACK', { seq: 2 ** 32 - 10, length: 20 });
  // Half of all numbers lie between: what comes in steps is after, not before.
  const half = packet('client', 'ACK', { seq: 2 ** 31 - 1, length: 2 ** 30 });
  const more = packet('client', 'ACK', { seq: 2 ** 31 + 2 ** 30 - 1, length: 2 ** 30 });
  t.is(gapIn([...REQUEST, half, more, much, packet('server', 'ACK', { ack: 10 })]), null);
});

test('the client acts on a RST at the very place that it expects', (t) => {
  const at = (seq: number, before: readonly Packet[] = REQUEST) => {
    const one = { ...reset, seq };
    return exactResets([...before, one]).length === 1;
  };
  t.true(at(1));
  t.deepEqual(exactResets([...REQUEST, packet('client', 'RST ACK')]), [], 'of its peer');
  t.false(at(2));
  t.false(at(1001), 'in the window: it is answered by a challenge ACK');
  const reply = packet('server', 'PSH ACK', { length: 15, ack: 15 });
  t.true(at(16, [...REQUEST, reply]), 'after what was sent');
  t.true(at(1, [...REQUEST, reply]), 'after what was acknowledged: the reply may not have arrived');
  t.false(at(1, [...REQUEST, reply, packet('client', 'ACK', { seq: 15, ack: 16 })]));
});

test('the RST that refuses a SYN has no number to count from', (t) => {
  const [syn] = REQUEST as [Packet];
  const refusal = packet('server', 'RST ACK', { seq: 0 });
  t.deepEqual(exactResets([syn, refusal]), [refusal]);
});
