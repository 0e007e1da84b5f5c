import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server has no file descriptor left and ends',
  causes: ['resources'],
  topology: 'direct',
  client: { program: 'ask' },
  variants: {
    queued: {
      title:
        'The server cannot accept for want of a file descriptor and ends: the connection was in its queue',
      why: 'connections that nobody has accepted are thrown away with the listening socket: RST, even with nothing unread',
      server: { behaviour: 'leak' },
      // Stopped, so that the client comes to a server without descriptors, and not to one that still has some.
      async ready({ server }) {
        await server.begins('accept');
        await server.kill('SIGSTOP');
      },
      async fault({ client, server, look }) {
        await client.begins('read');
        await server.hasUnread();
        await look('server', 'ss -tln');
        await server.resume();
        await server.release();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1, EstabResets: 1 },
          reason: { from: 'server', is: 'TCP_STATE' },
        },
      },
      ways: {
        'accepted and closed': {
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
    accepted: {
      title:
        'The server has no file descriptor left and ends: the connection was accepted, its request read',
      why: 'the end of the process closes the socket; all was read, so FIN: end of file, no reset',
      server: { behaviour: 'accept-leak' },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('wait');
        await server.release();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read eof', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
  cures: {
    reserve: {
      title: 'The server keeps a descriptor in reserve, accepts with it, and says that it is busy',
      why: 'the client has an answer that it can act on, and no connection waits for what will never come',
      server: { program: 'server-limits', behaviour: 'reserve' },
      expect: {
        client: ['connect ok', 'send ok', 'read ok', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
});
