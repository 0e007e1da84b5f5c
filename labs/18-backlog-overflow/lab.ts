import type { Alternative, Expectation } from '../../runners/catalog/expectation.ts';
import { lab } from '../../runners/catalog/lab.ts';
import { fillQueue, SOMAXCONN } from './queue.ts';

/** On a slow machine the server sends its SYN,ACK again; the client believes to be connected since long. */
function quickOrSlow(expected: Expectation): Alternative[] {
  const { kernel } = expected;
  return [
    {
      ...expected,
      outcome: 'at once',
      because: 'the listen queue had its place, or none, within a second of the SYN',
    },
    {
      ...expected,
      outcome: 'SYN,ACK sent again',
      because:
        'after a second without the ACK the server sends SYN,ACK again, which a connected client answers by a challenge ACK',
      kernel: { ...kernel, client: { ...kernel.client, TCPChallengeACK: 'some' } },
    },
  ];
}

const REJECTED: Expectation = {
  client: ['connect ok', 'send ok', 'read ECONNRESET'],
  packets: { rst: { from: 'server', kind: 'stateless' }, fin: 'none' },
  kernel: {
    client: { EstabResets: 1 },
    server: { OutRsts: 1, ListenOverflows: 1, EmbryonicRsts: 1 },
    reason: { from: 'server', is: 'INVALID_SYN' },
  },
};

const REJECTIONS: readonly Alternative[] = [
  ...quickOrSlow(REJECTED),
  {
    ...REJECTED,
    outcome: 'SYN,ACK sent again, two RST',
    because:
      'the SYN,ACK was sent again just when the handshake was given up: the challenge ACK that answers it belongs to no connection and meets a RST of its own',
    kernel: {
      client: { EstabResets: 1, TCPChallengeACK: 'some' },
      server: { OutRsts: 2, ListenOverflows: 1, EmbryonicRsts: 1 },
      reason: { from: 'server', is: ['INVALID_SYN', 'TCP_FLAGS'] },
    },
  },
];

export default lab({
  title: 'The listen queue of the server is full when the handshake of the client ends',
  causes: ['resources'],
  why: 'for the client the handshake is over, for the server it cannot be: net.ipv4.tcp_abort_on_overflow sends a RST',
  topology: 'direct',
  needs: ['nft'],
  sysctls: { server: { 'net.core.somaxconn': SOMAXCONN, 'net.ipv4.tcp_abort_on_overflow': 1 } },
  server: { behaviour: 'serve' },
  client: { program: 'ask' },
  prepare: ({ hosts }) => hosts.server.dropsArriving('ACK without SYN'),
  async ready({ server }) {
    await server.begins('accept');
    await server.kill('SIGSTOP');
  },
  async fault({ client, server, look }) {
    await client.begins('read');
    await fillQueue(server.host);
    await look('server', 'ss -tln');
    await server.host.dropsNothing();
  },
  expect: REJECTIONS,
  cures: {
    backlog: {
      title: 'The listen queue has room for a burst of connections',
      why: 'the handshake ends, and the connection waits in the queue until the server accepts it',
      sysctls: { server: { 'net.core.somaxconn': 128, 'net.ipv4.tcp_abort_on_overflow': 1 } },
      async fault({ client, server }) {
        await client.begins('read');
        await fillQueue(server.host);
        await server.host.dropsNothing();
        await server.hasUnread();
        await server.resume();
        await server.host.leavesQueue();
      },
      expect: quickOrSlow({
        client: ['connect ok', 'send ok', 'read ok', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      }),
    },
    'no-abort': {
      title: 'net.ipv4.tcp_abort_on_overflow is off, as it is by default',
      why: 'what the full queue cannot take is dropped in silence; the client sends again until there is room',
      sysctls: { server: { 'net.core.somaxconn': SOMAXCONN, 'net.ipv4.tcp_abort_on_overflow': 0 } },
      async fault({ client, server }) {
        await client.begins('read');
        await fillQueue(server.host);
        await server.host.dropsNothing();
        await server.host.overflows();
        await server.resume();
        await server.host.leavesQueue();
      },
      expect: quickOrSlow({
        client: ['connect ok', 'send ok', 'read ok', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: { ListenOverflows: 'some' }, reason: 'none' },
      }),
    },
    retry: {
      title: 'The client asks again over a new connection, when the queue has room',
      why: 'the server never had the first connection, so nothing has been done of its request: to ask again is safe',
      client: { program: 'ask-retry' },
      async fault({ client, server }) {
        await client.begins('read');
        await fillQueue(server.host);
        // Stopped, so that it asks again only when there is room.
        await client.kill('SIGSTOP');
        await server.host.dropsNothing();
        await client.losesConnection();
        await server.resume();
        await server.host.leavesQueue();
        await client.resume();
      },
      expect: REJECTIONS.map((rejection) => ({
        ...rejection,
        client: [
          ...REJECTED.client,
          'backoff ok',
          'connect ok',
          'send ok',
          'read ok',
          'close ok',
        ] as const,
      })),
    },
  },
});
