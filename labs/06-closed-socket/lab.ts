import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The client writes, and writes again, after the server has closed',
  causes: ['closed'],
  why: 'the data meets no socket any more, so RST; after a FIN it shows as EPIPE, never as ECONNRESET',
  topology: 'direct',
  server: { behaviour: 'close' },
  client: { program: 'ask-twice', arguments: ['Hello Server!', 'Are you still there?', 'Hello?'] },
  async fault({ client, server, look }) {
    await client.begins('pause');
    await client.receivesFin();
    await client.settles();
    await server.finIsAcknowledged();
    await look('client', 'ss -tan');
    await look('server', 'ss -tan');
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
  ways: {
    'ended on the FIN': {
      client: ['connect ok', 'send ok', 'pause ok', 'send EPIPE', 'read eof', 'close ok'],
      packets: { rst: 'none', fin: 'both' },
      kernel: { client: {}, server: {}, reason: 'none' },
    },
  },
  cures: {
    graceful: {
      title: 'The server shuts down its own direction only, and reads until the client has closed',
      why: 'what the client still writes meets a socket that reads it, so nobody sends a RST',
      server: { program: 'server-graceful' },
      async fault({ client, server }) {
        await client.begins('pause');
        await server.begins('work');
        await server.hasUnread();
        await server.kill('SIGTERM');
        await server.finishes('stop');
        await server.proceed();
        await client.receivesFin();
        await client.settles();
        await client.proceed();
        if (await client.beginsOrEnds('pause', 2)) await client.proceed();
      },
      expect: {
        client: [
          'connect ok',
          'send ok',
          'pause ok',
          'send ok',
          'pause ok',
          'send ok',
          'read ok',
          'close ok',
        ],
        packets: { rst: 'none', fin: 'both' },
        kernel: { client: {}, server: {}, reason: 'none' },
      },
      ways: {
        'ended on the FIN': {
          client: ['connect ok', 'send ok', 'pause ok', 'send EPIPE', 'read ok', 'close ok'],
          packets: { rst: 'none', fin: 'both' },
          kernel: { client: {}, server: {}, reason: 'none' },
        },
      },
    },
  },
});
