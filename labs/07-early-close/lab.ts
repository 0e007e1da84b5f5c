import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server answers and closes before it has read the request',
  causes: ['closed'],
  why: 'data that nobody will read any more would be lost in silence: the kernel sends a RST in place of a FIN',
  topology: 'direct',
  server: { behaviour: 'early-reply' },
  client: { program: 'ask-all' },
  async fault({ client, server, look }) {
    await client.finishes('read');
    await server.hasUnread();
    await look('server', 'ss -tn');
    await server.release();
  },
  expect: {
    client: ['connect ok', 'send ok', 'read ok', 'read ECONNRESET'],
    packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
      reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
    },
  },
  ways: {
    'FIN first': [
      {
        outcome: 'FIN, then RST',
        because: 'the server closed the socket before the FIN of the client had come',
        client: ['connect ok', 'send ok', 'read ok', 'read eof', 'close ok'],
        packets: { rst: { from: 'server', kind: 'socket' }, fin: 'server' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1, TCPAbortOnClose: 1 },
          reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
        },
      },
      {
        outcome: 'FIN, then two RST',
        because:
          'the FIN of the client crossed the RST: it met no socket any more, and is answered by a RST of its own',
        client: ['connect ok', 'send ok', 'read ok', 'read eof', 'close ok'],
        packets: {
          rst: [
            { from: 'server', kind: 'socket' },
            { from: 'server', kind: 'stateless' },
          ],
          fin: 'server',
        },
        kernel: {
          client: {},
          server: { OutRsts: 2, TCPAbortOnClose: 1 },
          reason: { from: 'server', is: ['TCP_ABORT_ON_CLOSE', 'TCP_FLAGS', 'NO_SOCKET'] },
        },
      },
      {
        outcome: 'FIN only',
        because:
          'the FIN of the client came between the two system calls, so nothing was left to abort',
        client: ['connect ok', 'send ok', 'read ok', 'read eof', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    ],
  },
  cures: {
    'read-to-the-end': {
      title:
        'The server reads the request, answers, shuts down its direction, and reads to the end',
      why: 'nothing is left unread when it closes, so FIN',
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
        client: ['connect ok', 'send ok', 'read ok', 'read eof', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
});
