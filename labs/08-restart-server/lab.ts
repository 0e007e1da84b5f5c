import { KEEPALIVE_EACH_SECOND } from '../../runners/catalog/keepalive.ts';
import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The host of the server vanishes without a word and comes back',
  causes: ['crash'],
  topology: 'direct',
  server: { behaviour: 'never-reply' },
  client: { program: 'ask-twice' },
  variants: {
    listening: {
      title: 'The host of the server restarts, and the server listens again',
      why: 'the new kernel knows no such connection; a listening socket answers data with a RST',
      async fault({ client, server, look }) {
        await client.begins('pause');
        await server.begins('wait');
        await server.host.reboots();
        await server.startsAgain();
        await look('client', 'ss -tn');
        await look('server', 'ss -tan');
        await client.proceed();
      },
      expect: {
        client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1 },
          reason: { from: 'server', is: 'TCP_FLAGS' },
        },
      },
    },
    'not-listening': {
      title: 'The host of the server restarts, and the server does not',
      why: 'the new kernel knows no such connection, and no socket for the port at all: RST',
      async fault({ client, server, look }) {
        await client.begins('pause');
        await server.begins('wait');
        await server.host.reboots();
        await look('client', 'ss -tn');
        await look('server', 'ss -tan');
        await client.proceed();
      },
      expect: {
        client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1 },
          reason: { from: 'server', is: 'NO_SOCKET' },
        },
      },
    },
  },
  cures: {
    retry: {
      of: 'listening',
      title: 'The client finds the dead connection by TCP keepalive and asks again',
      why: 'the new kernel answers the keepalive probe with a RST; the request may be repeated, so it is',
      needs: ['nft'],
      client: { program: 'ask-retry' },
      sysctls: { client: KEEPALIVE_EACH_SECOND },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('wait');
        // No probe of keepalive must come while the host is away, or before the server listens.
        await client.host.dropsLeaving('all');
        await server.host.reboots();
        await server.startsAgain({ behaviour: 'reply' });
        await client.host.dropsNothing();
      },
      expect: {
        client: [
          'connect ok',
          'send ok',
          'read ECONNRESET',
          'backoff ok',
          'connect ok',
          'send ok',
          'read ok',
          'close ok',
        ],
        packets: { rst: { from: 'server', kind: 'stateless', answers: 'keepalive' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1 },
          reason: { from: 'server', is: 'TCP_FLAGS' },
        },
      },
    },
    'not-twice': {
      of: 'listening',
      title:
        'The client finds the dead connection, but does not repeat what must not be done twice',
      why: 'nobody knows whether the server had paid before it died: an honest error, no second payment',
      client: { program: 'ask-retry', arguments: ['Pay 5 euros'] },
      sysctls: { client: KEEPALIVE_EACH_SECOND },
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
});
