import test from 'ava';
import type { Observation } from '../../runners/evidence/observation.ts';
import { cellResult, emptyResult } from '../../runners/results/cell-result.ts';
import { verdictOf } from '../../runners/results/conclusion.ts';
import { judge } from '../../runners/verdict/judge.ts';
import { CRASH, CRASH_EXPECTED, cellOf, crash, LINK, packet, RESET, ran } from '../_observation.ts';

function resultOf(more: Partial<Observation> = {}, cell = cellOf()) {
  const observation = crash(more);
  return cellResult(cell, observation, judge(cell, observation), {
    durationMs: 12.5,
    pcap: 'cells/x/capture.pcap',
    looks: [],
  });
}

test('a cell’s result says who met whom, and how it was judged', (t) => {
  const { lab, number, title, why, engine, client, server, repeat, ...rest } = resultOf();
  t.deepEqual(
    { lab, number, title, why, engine, client, server, repeat },
    {
      lab: 'crash-server',
      number: '04',
      title: CRASH.title,
      why: CRASH.why,
      engine: 'local',
      client: { language: 'python', asked: null, version: '3.13.5', program: 'ask' },
      server: { language: 'python', asked: null, version: '3.13.5', program: 'server' },
      repeat: 1,
    },
  );
  t.is(rest.verdict, 'pass');
  t.is(rest.reason, 'program, packets and kernel agree: socket RST from server, no FIN');
  t.deepEqual(rest.evidence, { program: 'agrees', packets: 'agrees', kernel: 'agrees' });
  t.is(rest.findings?.packets.observed, 'socket RST from server, no FIN');
  t.is(rest.durationMs, 12.5);
  t.is(rest.pcap, 'cells/x/capture.pcap');
  t.is(rest.because, null);
  t.deepEqual([rest.variant, rest.cure, rest.ip, rest.outcome], [null, null, 4, null]);
});

test('what a witness says is told of that witness', (t) => {
  t.deepEqual(resultOf({ client: null }).evidence, {
    program: 'unavailable',
    packets: 'agrees',
    kernel: 'agrees',
  });
  t.deepEqual(resultOf({ packets: { got: [] } }).evidence, {
    program: 'agrees',
    packets: 'contradicts',
    kernel: 'agrees',
  });
  t.deepEqual(resultOf({ counters: { missing: 'x' }, resets: { missing: 'y' } }).evidence, {
    program: 'agrees',
    packets: 'agrees',
    kernel: 'unavailable',
  });
});

test('steps of both programs stand in the order in which they ended, in ms from the first thing seen', (t) => {
  t.deepEqual(resultOf().steps, [
    { role: 'client', step: 'connect', beganMs: 0, atMs: 1, outcome: 'ok', error: null },
    { role: 'server', step: 'listen', beganMs: 0, atMs: 1, outcome: 'ok', error: null },
    { role: 'client', step: 'send', beganMs: 2, atMs: 3, outcome: 'ok', error: null },
    { role: 'server', step: 'accept', beganMs: 2, atMs: 3, outcome: 'ok', error: null },
    { role: 'client', step: 'read', beganMs: 4, atMs: 5, outcome: 'error', error: RESET },
  ]);
});

test('a step that did not end stands apart', (t) => {
  t.deepEqual(resultOf().unfinished, [{ role: 'server', step: 'wait', beganMs: 4 }]);
});

test('a packet that is earlier than any step is the first thing seen', (t) => {
  const { steps, packets } = resultOf({
    packets: { got: [packet('client', 'SYN', { timeUs: 1_001_000 })] },
  });
  t.is(packets?.[0]?.atMs, 0);
  t.is(steps[0]?.beganMs, 1);
});

test('packets are told with all that a verdict rests on, and no more', (t) => {
  t.deepEqual(resultOf().packets?.at(-1), {
    atMs: 4.9,
    from: 'server',
    to: 'client',
    flags: ['RST', 'ACK'],
    seq: 1,
    ack: 15,
    length: 0,
    ttl: 64,
    window: 64,
    ipId: 1,
    retransmission: false,
    stateless: false,
    keepAlive: false,
    connection: 1,
  });
});

test('what the fault did, and what the kernel counted and stated, is told', (t) => {
  const { actions, kernel } = resultOf();
  t.deepEqual(actions, [{ what: 'SIGKILL to the server', atMs: 4.5, touched: 1 }]);
  t.deepEqual(kernel, {
    hosts: {
      client: { ActiveOpens: 1, EstabResets: 1, InSegs: 3 },
      server: { PassiveOpens: 1, OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
    },
    resetReasons: [{ host: 'server', reason: 'TCP_ABORT_ON_CLOSE' }],
    noReasons: null,
  });
});

test('what could not be collected is null, never empty', (t) => {
  const missing = { missing: 'for root only' };
  const { packets, kernel } = resultOf({ packets: missing, counters: missing, resets: missing });
  t.is(packets, null);
  t.deepEqual(kernel, { hosts: null, resetReasons: null, noReasons: missing.missing });
  t.deepEqual(resultOf({ resets: { got: [] } }).kernel.resetReasons, []);
});

test('what the programs printed, and how they ended, is told', (t) => {
  const client = ran(['connect ok'], { exitStatus: 1, out: ['Connected'], err: ['reset'] });
  const server = ran(['listen ok'], { exitStatus: null, cpuMs: null });
  t.deepEqual(resultOf({ client, server }).outputs, [
    { role: 'client', exitStatus: 1, out: ['Connected'], err: ['reset'], cpuMs: 40 },
    { role: 'server', exitStatus: null, out: [], err: [], cpuMs: null },
  ]);
});

test('the story, the version of IP and the outcome are told', (t) => {
  const alternatives = ['reset', 'nothing'].map((outcome) => ({
    ...CRASH_EXPECTED,
    ...{ outcome, because: `it was ${outcome}` },
  }));
  const lab = { variant: 'unread', cure: 'retry', expect: alternatives };
  const { variant, cure, ip, outcome } = resultOf({}, cellOf(lab, { ip: 6 }));
  t.deepEqual(
    { variant, cure, ip, outcome },
    {
      ...{ variant: 'unread', cure: 'retry', ip: 6 },
      outcome: { name: 'reset', because: 'it was reset' },
    },
  );
  const failed = resultOf({ packets: { got: [] } }, cellOf(lab));
  t.is(failed.verdict, 'fail');
  t.is(failed.outcome, null);
});

test('the programs that ran are told, whichever the lab has', (t) => {
  const server = { program: 'server-limits', behaviour: 'shed' } as const;
  const client = { program: 'ask-retry' } as const;
  const result = resultOf({}, cellOf({ server, client }));
  t.is(result.server.program, 'server-limits');
  t.is(result.client.program, 'ask-retry');
});

test('what a load balancer did is told of it', (t) => {
  const { kernel } = resultOf({
    peer: 'balancer',
    counters: { got: { client: { ActiveOpens: 1 }, balancer: { OutRsts: 1 }, server: {} } },
  });
  t.deepEqual(kernel.hosts, {
    client: { ActiveOpens: 1 },
    balancer: { OutRsts: 1 },
    server: {},
  });
  t.deepEqual(kernel.resetReasons, [{ host: 'balancer', reason: 'TCP_ABORT_ON_CLOSE' }]);
});

test('looks are handed on', (t) => {
  const looks = [{ on: 'client', command: 'ss -t', lines: ['ESTAB'] }];
  const cell = cellOf();
  const observation = crash();
  const how = { durationMs: 1, pcap: null, looks };
  t.is(cellResult(cell, observation, judge(cell, observation), how).looks, looks);
});

test('a lab without a server has none in its result', (t) => {
  const result = resultOf({ server: null }, cellOf({ server: 'none' }));
  t.like(result.server, { language: 'python', version: null, program: 'none' });
  t.true(result.outputs.every(({ role }) => role === 'client'));
});

test('the reason of a language’s true exception is told of that language alone', (t) => {
  const { expect } = CRASH;
  const because = 'it reads unasked';
  t.is(
    resultOf({}, cellOf({ differs: [{ client: 'python', because, link: LINK, expect }] })).because,
    because,
  );
  t.is(
    resultOf({}, cellOf({ differs: [{ client: 'node', because, link: LINK, expect }] })).because,
    null,
  );
});

test('a cell that did not happen has no evidence, and says why', (t) => {
  const { client, evidence, findings, packets, kernel, pcap, ...rest } = emptyResult(
    cellOf(),
    'not-run',
    'Java is missing',
  );
  t.is(rest.verdict, 'not-run');
  t.is(rest.reason, 'Java is missing');
  t.like(client, { language: 'python', version: null, program: 'ask' });
  t.deepEqual(Object.values(evidence), ['unavailable', 'unavailable', 'unavailable']);
  t.deepEqual([findings, packets, pcap], [null, null, null]);
  t.deepEqual(kernel, { hosts: null, resetReasons: null, noReasons: 'Java is missing' });
});

test('nothing that was seen leaves the times at zero', (t) => {
  const missing = { missing: 'x' };
  const { actions } = resultOf({ client: null, server: null, actions: [], packets: missing });
  t.deepEqual(actions, []);
});

for (const [verdicts, wanted] of [
  [['pass', 'pass'], 'pass'],
  [['pass', 'fail'], 'fail'],
  [['unknown', 'not-run', 'fail'], 'fail'],
  [['pass', 'unknown'], 'unknown'],
  [['pass', 'not-run'], 'unknown'],
  [['not-run'], 'unknown'],
  [[], 'unknown'],
] as const) {
  test(`a run of cells [${verdicts.join(', ')}] is ${wanted}`, (t) => {
    t.is(verdictOf(verdicts.map((verdict) => ({ verdict }))), wanted);
  });
}
