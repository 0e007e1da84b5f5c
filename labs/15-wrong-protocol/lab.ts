import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'One side speaks TLS, the other does not',
  causes: ['protocol'],
  topology: 'direct',
  variants: {
    'tls-to-plain': {
      title:
        'A TLS client meets a server that speaks no TLS and closes with the ClientHello unread',
      why: 'the ClientHello is data that nobody reads: the kernel sends a RST in place of a FIN',
      client: { program: 'ask-tls' },
      server: { behaviour: 'never-read' },
      async fault({ client, server }) {
        await client.begins('handshake');
        await server.begins('wait');
        await server.hasUnread();
        await server.release();
      },
      expect: {
        client: ['connect ok', 'handshake ECONNRESET'],
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
            client: ['connect ok', 'handshake EOF'],
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
              'the alert of the client was on the way when the server closed the socket: it met nobody and is answered by a RST of its own',
            client: ['connect ok', 'handshake EOF'],
            packets: {
              rst: [
                { from: 'server', kind: 'socket' },
                { from: 'server', kind: 'stateless', answers: 'data' },
              ],
              fin: 'server',
            },
            kernel: {
              client: { EstabResets: 1 },
              server: { OutRsts: 2, TCPAbortOnClose: 1 },
              reason: { from: 'server', is: ['TCP_ABORT_ON_CLOSE', 'TCP_FLAGS', 'NO_SOCKET'] },
            },
          },
          {
            outcome: 'both FIN, then RST',
            because:
              'the FIN of the client was on the way when the server closed the socket: both had ended, and what came later is answered by a RST',
            client: ['connect ok', 'handshake EOF'],
            packets: {
              rst: [
                { from: 'server', kind: 'socket' },
                { from: 'server', kind: 'stateless' },
              ],
              fin: 'both',
            },
            kernel: {
              client: {},
              server: { OutRsts: 'some', TCPAbortOnClose: 1 },
              reason: { from: 'server', is: ['TCP_ABORT_ON_CLOSE', 'TCP_FLAGS', 'NO_SOCKET'] },
            },
          },
          {
            outcome: 'FIN only',
            because:
              'the FIN of the client came between the two system calls, so nothing was left to abort',
            client: ['connect ok', 'handshake EOF'],
            packets: { rst: 'none', fin: 'both' },
            kernel: { client: {}, server: {}, reason: 'none' },
          },
        ],
      },
    },
    'plain-to-tls': {
      title: 'A client without TLS meets a TLS server',
      why: 'the server reads the first five bytes, which are no TLS record, and closes with the rest unread: RST',
      client: { program: 'ask' },
      server: { behaviour: 'tls' },
      expect: {
        client: ['connect ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
        kernel: {
          client: { EstabResets: 1 },
          server: { OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
          reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
        },
      },
      ways: {
        'all was read': {
          client: ['connect ok', 'send ok', 'read eof', 'close ok'],
          packets: { rst: 'none', fin: 'both' },
          kernel: { client: {}, server: {}, reason: 'none' },
        },
        'an alert': {
          client: ['connect ok', 'send ok', 'read ok', 'close ok'],
          packets: { rst: 'none', fin: 'both' },
          kernel: { client: {}, server: {}, reason: 'none' },
        },
      },
    },
  },
});
