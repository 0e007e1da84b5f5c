import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server process is killed with a request unread',
  causes: ['crash'],
  why: "the kernel closes the dead process's socket; unread data, so RST, not FIN",
  topology: 'direct',
  server: { behaviour: 'never-read' },
  client: { program: 'ask' },
  async fault({ client, server, look }) {
    await client.begins('read');
    // Accepted: a connection that the program has not yet got is closed with the listening socket.
    await server.begins('wait');
    await server.hasUnread();
    await look('server', 'ss -tn');
    await server.kill('SIGKILL');
  },
  expect: {
    client: ['connect ok', 'send ok', 'read ECONNRESET'],
    packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
      reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
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
    retry: {
      title: 'The server is killed and started again; the client asks again over a new connection',
      why: 'the first connection cannot be saved; the request may be repeated, so the client does it',
      client: { program: 'ask-retry' },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('wait');
        await server.hasUnread();
        // Stopped, so that it asks again only when the server is back.
        await client.kill('SIGSTOP');
        await server.kill('SIGKILL');
        await server.startsAgain({ behaviour: 'reply' });
        await client.resume();
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
        packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
          reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
        },
      },
    },
    'not-twice': {
      title: 'The server is killed; the client does not repeat what must not be done twice',
      why: 'nobody knows whether the server had paid before it died: an honest error, no second payment',
      client: { program: 'ask-retry', arguments: ['Pay 5 euros'] },
      expect: {
        client: ['connect ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
          reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
        },
      },
    },
  },
});
