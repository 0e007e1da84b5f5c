import { KEEPALIVE_EACH_SECOND } from '../../runners/catalog/keepalive.ts';
import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The socket of the peer is gone, and nobody has told the client: a half-open connection',
  causes: ['idle', 'protocol'],
  topology: 'direct',
  server: { behaviour: 'never-reply' },
  variants: {
    reads: {
      title: 'The client only reads on a half-open connection',
      why: 'it sends nothing, so nothing can be answered: it waits for ever',
      client: { program: 'ask' },
      async fault({ client, server, look }) {
        await client.begins('read');
        await server.begins('wait');
        await server.host.reboots();
        await server.losesConnection();
        await client.blocks('read');
        await look('client', 'ss -tno');
        await look('server', 'ss -tan');
      },
      expect: {
        client: ['connect ok', 'send ok', 'read blocked'],
        packets: { rst: 'none', fin: 'none' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
    writes: {
      title: 'The client writes on a half-open connection',
      why: 'only the first segment after the restart can be answered, and it is, by a RST',
      client: { program: 'ask-twice' },
      async fault({ client, server }) {
        await client.begins('pause');
        await server.begins('wait');
        await server.host.reboots();
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
    keepalive: {
      of: 'reads',
      title: 'TCP keepalive finds out; the client asks again',
      why: 'the kernel that does not know the connection answers the probe with a RST',
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
    heartbeat: {
      of: 'reads',
      title: 'Heartbeats of the application find out; the client asks again',
      why: 'the kernel that does not know the connection answers a heartbeat with a RST; silence has a limit, too',
      client: { program: 'ask-heartbeat' },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('wait');
        // Stopped, so that it asks again only when the server is back.
        await client.kill('SIGSTOP');
        await server.host.reboots();
        await server.startsAgain({ behaviour: 'reply' });
        await client.resume();
      },
      expect: [
        {
          outcome: 'reset',
          because: 'the host was back within a second, and its kernel answered the next heartbeat',
          client: [
            'connect ok',
            'send ok',
            'read ECONNRESET',
            'connect ok',
            'send ok',
            'read ok',
            'close ok',
          ],
          packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'none' },
          kernel: {
            client: { EstabResets: 1 },
            server: { OutRsts: 1 },
            reason: { from: 'server', is: 'TCP_FLAGS' },
          },
        },
        {
          outcome: 'silence',
          because:
            'the host took more than a second, so the client gave up; its FIN was answered by the RST',
          client: [
            'connect ok',
            'send ok',
            'read TIMEOUT',
            'connect ok',
            'send ok',
            'read ok',
            'close ok',
          ],
          packets: { rst: { from: 'server', kind: 'stateless' }, fin: 'client' },
          kernel: {
            client: {},
            server: { OutRsts: 1 },
            reason: { from: 'server', is: 'TCP_FLAGS' },
          },
        },
      ],
    },
  },
});
