import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The kernel kills the server because the memory of its host is exhausted',
  causes: ['crash', 'resources'],
  topology: 'direct',
  needs: ['memory-limit'],
  client: { program: 'ask' },
  variants: {
    unread: {
      title: 'The kernel kills the server for its memory, with the request unread',
      why: "the kernel closes the dead process's socket; unread data, so RST, not FIN",
      server: { behaviour: 'grow' },
      async fault({ client, server, look }) {
        await client.begins('read');
        await server.begins('pause');
        await server.hasUnread();
        await look('server', 'ss -tn');
        await server.runsOutOfMemory();
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
    },
    'already-read': {
      title: 'The kernel kills the server for its memory, with the request already read',
      why: "the kernel closes the dead process's socket; all was read, so FIN: end of file, no reset",
      server: { behaviour: 'read-grow' },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('pause');
        await server.runsOutOfMemory();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read eof', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
  cures: {
    shed: {
      of: 'already-read',
      title: 'The server has a budget of memory, and sheds the load that would exceed it',
      why: 'one request is refused in words, and all others live on',
      server: { program: 'server-limits', behaviour: 'shed' },
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('pause');
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
