import test from 'ava';
import { parseSockets } from '../../runners/evidence/sockets.ts';

// Linux 6.18: a listener, a connection with 14 bytes unread, one that has sent 20 bytes in vain.
const LISTENER =
  '   0: 00000000:4E20 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 1141 1 00000000988b3103 100 0 0 10 0';
const UNREAD =
  '   1: 020200C0:4E20 010200C0:8F3A 01 00000000:0000000E 00:00000000 00000000     0        0 1142 1 00000000988b3104 20 4 0 10 -1';
const SENT =
  '   2: 010200C0:8F3A 020200C0:4E20 01 00000014:00000000 01:00000014 00000000     0        0 1143 2 00000000988b3105 20 4 0 10 -1';
const IN_IPV6 =
  '   0: 0000000000000000FFFF0000020200C0:4E20 0000000000000000FFFF0000010200C0:8F3A 08 00000000:00000001 00:00000000 00000000     0        0 1144 1 00000000988b3106 20 4 0 10 -1';
const TIME_WAIT =
  '   3: 020200C0:4E20 010200C0:8F3A 06 00000000:00000000 03:00001770 00000000     0        0 0 3 00000000988b3107';

test('ports, state and queues of IPv4 sockets are read', (t) => {
  t.deepEqual(parseSockets([LISTENER, UNREAD, SENT]), [
    {
      localPort: 20_000,
      remotePort: 0,
      state: 'LISTEN',
      unacknowledged: 0,
      unread: 1,
      timer: false,
      remainder: false,
    },
    {
      localPort: 20_000,
      remotePort: 36_666,
      state: 'ESTABLISHED',
      unacknowledged: 0,
      unread: 14,
      timer: false,
      remainder: false,
    },
    {
      localPort: 36_666,
      remotePort: 20_000,
      state: 'ESTABLISHED',
      unacknowledged: 20,
      unread: 0,
      timer: true,
      remainder: false,
    },
  ]);
});

test('sockets in the table of IPv6, as Java and Node make them, are read', (t) => {
  t.deepEqual(parseSockets([IN_IPV6]), [
    {
      localPort: 20_000,
      remotePort: 36_666,
      state: 'CLOSE-WAIT',
      unacknowledged: 0,
      unread: 1,
      timer: false,
      remainder: false,
    },
  ]);
});

test('the shorter line of a socket in TIME-WAIT is read', (t) => {
  t.is(parseSockets([TIME_WAIT])[0]?.state, 'TIME-WAIT');
});

test('every state of the kernel has its name', (t) => {
  const states = Array.from({ length: 12 }, (_, index) => {
    const number = (index + 1).toString(16).toUpperCase().padStart(2, '0');
    return parseSockets([UNREAD.replace(' 01 ', ` ${number} `)])[0]?.state;
  });
  // include/net/tcp_states.h; 12 is a connection whose handshake is under way.
  t.deepEqual(states, [
    'ESTABLISHED',
    'SYN-SENT',
    'SYN-RECEIVED',
    'FIN-WAIT-1',
    'FIN-WAIT-2',
    'TIME-WAIT',
    'CLOSED',
    'CLOSE-WAIT',
    'LAST-ACK',
    'LISTEN',
    'CLOSING',
    'SYN-RECEIVED',
  ]);
});

test('what is no socket is left out', (t) => {
  const unknown = UNREAD.replace(' 01 ', ' 0F ');
  t.deepEqual(parseSockets(['', 'nonsense', unknown, '  0: 1:1 2:2 00 0:0']), []);
});

test('each timer of the kernel is one: retransmission, keepalive, TIME-WAIT, zero-window probe', (t) => {
  // Documentation/networking/proc_net_tcp.rst; 00 is none, and what follows the colon is when it expires.
  for (const [number, timer] of [
    ['00', false],
    ['01', true],
    ['02', true],
    ['03', true],
    ['04', true],
  ] as const) {
    const line = UNREAD.replace(' 00:00000000 ', ` ${number}:0000EA60 `);
    t.is(parseSockets([line])[0]?.timer, timer, number);
  }
});

test('what is left of a connection in TIME-WAIT or FIN-WAIT-2 is told apart from a socket', (t) => {
  t.true(parseSockets([TIME_WAIT])[0]?.remainder);
  const ofProcess = UNREAD.replace(' 01 ', ' 05 ');
  t.false(parseSockets([ofProcess])[0]?.remainder);
  t.true(parseSockets([TIME_WAIT.replace(' 06 ', ' 05 ')])[0]?.remainder);
});

test('the lines of ss say the same', (t) => {
  const connection = { localPort: 20_000, remotePort: 36_666, unacknowledged: 0, unread: 0 };
  const quiet = { timer: false, remainder: false };
  t.deepEqual(
    parseSockets([
      'LISTEN     1      100          0.0.0.0:20000      0.0.0.0:*    ',
      'LISTEN     0      511                *:20000            *:*    ',
      'ESTAB      14     0      192.0.2.2:20000    192.0.2.1:36666',
      'ESTAB      0      20     192.0.2.2:20000    192.0.2.1:36666 timer:(on,200ms,0)',
      'CLOSE-WAIT 1      0      [::ffff:192.0.2.2]:20000 [::ffff:192.0.2.1]:36666',
      'TIME-WAIT  0      0      192.0.2.2:20000    192.0.2.1:36666 timer:(timewait,59sec,0)',
      'FIN-WAIT-2 0      0      192.0.2.2:20000    192.0.2.1:36666 timer:(timewait,59sec,0)',
      '',
    ]),
    [
      { ...connection, remotePort: 0, state: 'LISTEN', unread: 1, ...quiet },
      { ...connection, remotePort: 0, state: 'LISTEN', ...quiet },
      { ...connection, state: 'ESTABLISHED', unread: 14, ...quiet },
      { ...connection, state: 'ESTABLISHED', unacknowledged: 20, timer: true, remainder: false },
      { ...connection, state: 'CLOSE-WAIT', unread: 1, ...quiet },
      { ...connection, state: 'TIME-WAIT', timer: true, remainder: true },
      { ...connection, state: 'FIN-WAIT-2', timer: true, remainder: true },
    ],
  );
});

test('every state of ss has its name', (t) => {
  const names =
    'ESTAB SYN-SENT SYN-RECV FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT UNCONN CLOSE-WAIT LAST-ACK CLOSING';
  const lines = names.split(' ').map((name) => `${name} 0 0 192.0.2.2:1 192.0.2.1:2`);
  t.deepEqual(
    parseSockets(lines).map(({ state }) => state),
    [
      ...(['ESTABLISHED', 'SYN-SENT', 'SYN-RECEIVED', 'FIN-WAIT-1', 'FIN-WAIT-2'] as const),
      ...(['TIME-WAIT', 'CLOSED', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSING'] as const),
    ],
  );
  t.deepEqual(parseSockets(['Cannot open netlink socket: Permission denied', '7 0 0 a b']), []);
});
