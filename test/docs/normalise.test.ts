import test from 'ava';
import { endsOf } from '../../runners/docs/ends.ts';
import { lookLines, named, normalised } from '../../runners/docs/normalise.ts';
import { fixture, hosts } from '../evidence/pcap-fixture.ts';
import { PASS } from '../reports/_results.ts';

const ENDS = {
  client: '198.18.0.1',
  peer: '198.18.0.2',
  port: 20_004,
  clientPorts: [38_048, 38_064],
};

for (const [what, line, must] of [
  ['hosts and ports', '198.18.0.1:38048 198.18.0.2:20004', 'client:40000 server:5000'],
  ['the second connection', '198.18.0.1:38064', 'client:40001'],
  ['a connection of somebody else', '198.18.0.1:41000', 'client:50000'],
  [
    'an address in a sentence',
    'nothing listens on 198.18.0.2:20004.',
    'nothing listens on server:5000.',
  ],
  ['an address within IPv6', '[::ffff:198.18.0.2]:20004', 'server:5000'],
  ['any address', '0.0.0.0:20004 127.0.0.1:80', '0.0.0.0:5000 127.0.0.1:80'],
  ['a bare port', 'LISTEN *:20004 dport=20004', 'LISTEN *:5000 dport=5000'],
  ['a line of a library', 'wrong version number (_ssl.c:1006)', 'wrong version number (_ssl.c:…)'],
  ['a process', 'users:(("python3",pid=4711,fd=4))', 'users:(("python3",pid=…,fd=…))'],
  ['what only looks like it', 'version 3.13.5, 120004 bytes', 'version 3.13.5, 120004 bytes'],
] as const) {
  test(`named: ${what}`, (t) => t.is(named(line, ENDS, 'direct'), must));
}

test('named: the hosts in the middle', (t) => {
  t.is(named('198.18.9.9', ENDS, 'routed'), 'router');
  t.is(
    named('198.18.0.2:20004 198.18.9.1:41000 198.18.9.2:20004', ENDS, 'proxied'),
    'balancer:5000 balancer:50000 server:5000',
  );
});

const look = (command: string, ...lines: readonly string[]) =>
  lookLines({ command, lines }, ENDS, 'routed');

test('ss: columns, timers, and nothing of other cells', (t) => {
  t.deepEqual(
    look(
      'ss -tano',
      'State     Recv-Q Send-Q   Local Address:Port    Peer Address:PortProcess',
      'ESTAB     14     0        198.18.0.2:20004      198.18.0.1:38048 timer:(keepalive,980ms,0)',
      'TIME-WAIT 0      0        198.18.0.2:20003      198.18.0.1:38040 timer:(timewait,59sec,0)',
    ),
    [
      'State  Recv-Q  Send-Q  Local Address:Port  Peer Address:Port',
      'ESTAB  14      0       server:5000         client:40000       timer:(keepalive,…)',
    ],
  );
});

test('ss: the process is a column of its own', (t) => {
  const [heading] = look(
    'ss -tnp',
    'State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
    'ESTAB 0 0 198.18.0.2:20004 198.18.0.1:38048 users:(("python3",pid=7,fd=4))',
  );
  t.is(heading, 'State  Recv-Q  Send-Q  Local Address:Port  Peer Address:Port  Process');
});

test('conntrack: the time that is left, and nothing of other cells', (t) => {
  t.deepEqual(
    look(
      'conntrack -L -p tcp',
      'tcp      6 299 ESTABLISHED src=198.18.0.1 dst=198.18.0.2 sport=38048 dport=20004 packets=3 [ASSURED] mark=0 use=1',
      'tcp      6 9 CLOSE src=198.18.0.1 dst=198.18.0.2 sport=38040 dport=20003 use=1',
      'conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.',
    ),
    [
      'tcp 6 … ESTABLISHED src=client dst=server sport=40000 dport=5000 packets=… [ASSURED] mark=0 use=…',
    ],
  );
});

test('dmesg: times and numbers', (t) => {
  t.deepEqual(
    look('dmesg | tail -1', '[  12.345678] Killed process 812 (python3) total-vm:2640kB'),
    ['Killed process … (python3) total-vm:…kB'],
  );
});

test('the ends of a capture', (t) => {
  const { client, peer, clientPorts } = endsOf(fixture('unread')) ?? {};
  t.deepEqual({ client, peer }, { client: hosts.v4.client, peer: hosts.v4.server });
  t.is(clientPorts?.length, 1);
});

test("the ends of a capture without a connection's beginning", (t) => {
  t.is(endsOf(fixture('unread').subarray(0, 24)), undefined);
});

test('a cell: what its steps and programs say', (t) => {
  const error = { type: 'Error', errno: null, message: 'connect ECONNREFUSED 198.18.0.2:20004' };
  const cell = {
    ...PASS,
    steps: PASS.steps.map((step) => ({ ...step, error })),
    outputs: PASS.outputs.map((one) => ({ ...one, err: ['198.18.0.2:20004'] })),
  };
  const { steps, outputs } = normalised(cell, ENDS, 'direct');
  t.is(steps[0]?.error?.message, 'connect ECONNREFUSED server:5000');
  t.deepEqual(outputs[0]?.err, ['server:5000']);
});
