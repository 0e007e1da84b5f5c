import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server aborts the connection: SO_LINGER with 0 seconds, then close',
  causes: ['crash'],
  why: 'lingering for 0 seconds means to abort: the kernel sends a RST in place of a FIN',
  topology: 'direct',
  server: { behaviour: 'abort' },
  client: { program: 'ask' },
  expect: {
    client: ['connect ok', 'send ok', 'read ECONNRESET'],
    packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1, EstabResets: 1, TCPAbortOnData: 1 },
      reason: { from: 'server', is: 'TCP_STATE' },
    },
  },
  cures: {
    graceful: {
      title:
        'On SIGTERM the server finishes the request, shuts down its direction, drains and closes',
      why: 'the request is answered and all is read before the socket is closed, so FIN',
      server: { program: 'server-graceful' },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('work');
        await server.hasUnread();
        await server.kill('SIGTERM');
        await server.finishes('stop');
        await server.proceed();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ok', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
});
