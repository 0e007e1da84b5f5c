import type { Alternative, Expectation } from '../../runners/catalog/expectation.ts';
import { lab } from '../../runners/catalog/lab.ts';
import type { HostOnStage } from '../../runners/catalog/stage.ts';

/**
 * The kernel lets the queue have one more than this. With a shorter one it would answer the SYN of whoever
 * takes a place by a SYN cookie, since a handshake is under way already (inet_csk_reqsk_queue_is_full). Any ACK
 * that comes when the socket has gone, the last one of a close say, then brings a connection to life that
 * nobody has (cookie_v4_check), and the server would wait for its bytes.
 */
const SOMAXCONN = 2;

async function fillQueue(host: HostOnStage): Promise<void> {
  for (let places = 0; places <= SOMAXCONN; places++) await host.takesPlaceInQueue();
}

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
  expect: [
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
  ],
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
  },
});
