import test from 'ava';
import type { StepOutcome } from '../../runners/catalog/expectation.ts';
import type { Packet } from '../../runners/evidence/connection.ts';
import type { Step } from '../../runners/evidence/steps.ts';
import { discordOfCounters, discordOfPackets } from '../../runners/verdict/accord.ts';
import { packet, REQUEST, RESET, ran, type Said } from '../_observation.ts';

const OUTCOMES: readonly StepOutcome[] = ['connect ok', 'send ok', 'read ECONNRESET'];
const SAID: readonly Said[] = ['connect ok', 'send ok', ['read', RESET]];
const EOF: readonly StepOutcome[] = ['connect ok', 'send ok', 'read eof'];
const SECOND = 1_000_000;

const reset = packet('server', 'RST ACK', { ack: 15 });
const fin = packet('server', 'FIN ACK', { ack: 15 });

function stepsOf(said: readonly Said[]): readonly Step[] {
  return ran(said).report.steps;
}

function judged(packets: readonly Packet[], outcomes = OUTCOMES, said = SAID) {
  const discord = discordOfPackets(outcomes, stepsOf(said), packets);
  return discord && `${discord.expected} | ${discord.observed}`;
}

const later = (one: Packet, us = SECOND): Packet => ({ ...one, timeUs: one.timeUs + us });

test('packets of the connection that the client reports, each cause before its effect', (t) => {
  t.is(judged([...REQUEST, reset]), null);
  t.is(judged([...REQUEST, fin], EOF, ['connect ok', 'send ok', 'read eof']), null);
});

test('a capture with a gap is no witness for anything', (t) => {
  t.is(
    judged(REQUEST.slice(1)),
    'a whole capture | a connection without the SYN of the client before it',
  );
});

test('as many connections as the client has tried', (t) => {
  const another = REQUEST.map((one) => ({ ...one, connection: 2 }));
  t.is(judged([...REQUEST, ...another, reset]), '1 connection of the client | 2');
  const twice = [...OUTCOMES, ...OUTCOMES];
  t.is(judged([...REQUEST, reset], twice, [...SAID, ...SAID]), '2 connections of the client | 1');
});

test('a connection does not begin before the client does', (t) => {
  const early = REQUEST.map((one) => later(one, -SECOND));
  t.is(judged([...early, reset]), 'the SYN after the beginning of connect | it before');
});

test('a connection that was made had been answered', (t) => {
  const [syn, synAck, ...rest] = REQUEST as [Packet, Packet, ...Packet[]];
  const expected = 'the SYN,ACK before the end of connect';
  t.is(judged([syn, later(synAck), ...rest, reset]), `${expected} | it after`);
  const refusal = packet('server', 'RST ACK', { seq: 0 });
  t.is(judged([syn, refusal]), `${expected} | none`);
});

test('a RST comes before the exception that it brings about', (t) => {
  t.is(judged([...REQUEST, later(reset)]), 'the RST before the end of read | it after');
  t.is(judged(REQUEST), 'the RST before the end of read | none');
  t.is(judged([...REQUEST, later(reset, 50_000)]), null, 'as far as clocks can tell');
});

test('a RST that no TCP accepts brings nothing about', (t) => {
  t.is(
    judged([...REQUEST, { ...reset, seq: 1001 }]),
    'a RST with the sequence number that the client expects | none',
  );
  t.is(judged([...REQUEST, { ...reset, seq: 1001 }, reset]), null);
});

test('a refusal is a RST, too', (t) => {
  const [syn] = REQUEST as [Packet];
  const refusal = packet('server', 'RST ACK', { seq: 0 });
  const outcomes = ['connect ECONNREFUSED'] as const;
  const said: Said[] = [['connect', { ...RESET, errno: 'ECONNREFUSED' }]];
  t.is(judged([syn, refusal], outcomes, said), null);
  t.is(
    judged([syn, later(refusal)], outcomes, said),
    'the RST before the end of connect | it after',
  );
});

test('a FIN comes before the end of file', (t) => {
  const said: Said[] = ['connect ok', 'send ok', 'read eof'];
  t.is(judged([...REQUEST, later(fin)], EOF, said), 'the FIN before the end of read | it after');
  t.is(judged(REQUEST, EOF, said), 'the FIN before the end of read | none');
});

test('each step is held against its own connection', (t) => {
  const second = [...REQUEST, fin].map((one) => ({
    ...later(one, 6000),
    connection: 2,
  }));
  const outcomes = [...OUTCOMES, ...EOF];
  const said: Said[] = [...SAID, 'connect ok', 'send ok', 'read eof'];
  t.is(judged([...REQUEST, reset, ...second], outcomes, said), null);
  const [other] = second.slice(-1) as [Packet];
  t.is(
    judged([...REQUEST, reset, ...second.slice(0, -1), later(other)], outcomes, said),
    'the FIN before the end of read | it after',
  );
});

test('the client has opened as many connections as it has tried', (t) => {
  const counted = (ActiveOpens: number) =>
    discordOfCounters(OUTCOMES, { client: { ActiveOpens }, server: {} });
  t.is(counted(1), null);
  t.deepEqual(counted(2), {
    expected: '1 connection of the client',
    observed: 'ActiveOpens 2 on the client',
  });
});
