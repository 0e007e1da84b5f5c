import { KEEPALIVE_EACH_SECOND } from '../../runners/catalog/keepalive.ts';
import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'TCP keepalive finds out that the peer is gone',
  causes: ['idle'],
  topology: 'direct',
  server: { behaviour: 'never-reply' },
  client: { program: 'ask-keepalive' },
  variants: {
    unreachable: {
      title: 'TCP keepalive finds out that nobody answers any more',
      why: 'two probes had no answer: the kernel gives up, and tells the peer so by a RST, in case it lives',
      needs: ['nft'],
      sysctls: { client: { ...KEEPALIVE_EACH_SECOND, 'net.ipv4.tcp_keepalive_probes': 2 } },
      async fault({ client, server, look }) {
        await client.begins('read');
        await server.begins('wait');
        await look('client', 'ss -tno');
        await server.host.dropsArriving('all');
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ETIMEDOUT'],
        packets: { rst: { from: 'client', kind: 'socket' }, fin: 'none' },
        kernel: {
          client: { OutRsts: 1, EstabResets: 1, TCPAbortOnTimeout: 1 },
          server: {},
          reason: { from: 'client', is: 'TCP_KEEPALIVE_TIMEOUT' },
        },
      },
    },
    rebooted: {
      title: 'TCP keepalive finds out that the host of the server has restarted',
      why: 'the new kernel knows no such connection and answers the probe with a RST',
      // Later probes are for a host that takes longer than a second to come back: it would answer each that waits.
      sysctls: { client: { ...KEEPALIVE_EACH_SECOND, 'net.ipv4.tcp_keepalive_intvl': 3 } },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('wait');
        await server.host.reboots();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'server', kind: 'stateless', answers: 'keepalive' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          // A host that takes longer than the interval finds two probes waiting, and answers each.
          server: { OutRsts: 'some' },
          reason: { from: 'server', is: 'NO_SOCKET' },
        },
      },
    },
  },
  cures: {
    heartbeat: {
      of: 'unreachable',
      title:
        'Heartbeats of the application find out that nobody answers, and the client asks again',
      why: 'a second without any sign of life is enough; the first connection is given up, a new one is tried',
      client: { program: 'ask-heartbeat' },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('wait');
        await client.host.dropsLeaving('all');
        await client.finishes('read');
        await server.host.reboots();
        await server.startsAgain({ behaviour: 'reply' });
        await client.host.dropsNothing();
      },
      expect: {
        client: [
          'connect ok',
          'send ok',
          'read TIMEOUT',
          'connect ok',
          'send ok',
          'read ok',
          'close ok',
        ],
        // Sent again are heartbeats and the FIN, or the FIN alone where all heartbeats had arrived before the cut.
        packets: { rst: { from: 'server', kind: 'stateless' }, fin: 'client' },
        kernel: {
          client: {},
          server: { OutRsts: 1 },
          // The old connection is sent again after the new one was served, or before: then something listens.
          reason: { from: 'server', is: ['NO_SOCKET', 'TCP_FLAGS'] },
        },
      },
    },
  },
});
