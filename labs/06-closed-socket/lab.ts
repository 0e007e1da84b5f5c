import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The client writes, and writes again, after the server has closed',
  cause: 'closed',
  why: 'the data meets no socket any more, so RST; after a FIN it shows as EPIPE, never as ECONNRESET',
  topology: 'direct',
  server: { behaviour: 'close' },
  client: { program: 'ask-twice', messages: ['Hello Server!', 'Are you still there?', 'Hello?'] },
  async fault({ client, server }) {
    await client.begins('pause');
    await client.receivesFin();
    await server.finIsAcknowledged();
    await client.proceed();
    if (await client.beginsOrEnds('pause', 2)) {
      await client.losesConnection();
      await client.proceed();
    }
  },
  expect: {
    client: [
      'connect ok',
      'send ok',
      'pause ok',
      'send ok',
      'pause ok',
      'send EPIPE',
      'read eof',
      'close ok',
    ],
    packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'server' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1 },
      reason: { from: 'server', is: 'TCP_TIMEWAIT_SOCKET' },
    },
  },
  differs: {
    node: {
      because:
        'Node reads unasked: on the FIN it ends its own side too, so the next write fails before it reaches the wire',
      expect: {
        client: ['connect ok', 'send ok', 'pause ok', 'send EPIPE', 'read eof', 'close ok'],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
    },
  },
});
