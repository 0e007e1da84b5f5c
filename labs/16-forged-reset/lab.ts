import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'Somebody on the way sends the client a RST in the name of the server',
  causes: ['firewall', 'protocol'],
  topology: 'routed',
  needs: ['raw-sockets'],
  client: { program: 'ask' },
  variants: {
    exact: {
      title: 'A forged RST has exactly the sequence number that the client expects next',
      why: 'its sequence number is right, so the client must believe it; the server knows of nothing',
      server: { behaviour: 'never-reply' },
      async fault({ client, server, router }) {
        await client.begins('read');
        await server.begins('wait');
        await router.forgesReset('exact');
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ECONNRESET'],
        packets: { rst: { from: 'server', kind: 'stateless', by: 'middlebox' }, fin: 'none' },
        kernel: { client: { EstabResets: 1 }, server: {}, reason: 'received only' },
      },
    },
    'in-window': {
      title: 'A forged RST lies in the receive window of the client, but not at its beginning',
      why: 'such a RST is not believed: the client asks back (a challenge ACK, RFC 5961), and the server says nothing of a reset',
      server: { behaviour: 'late-reply' },
      async fault({ client, server, router }) {
        await client.begins('read');
        await server.begins('wait');
        await router.forgesReset('in the window');
        await server.release();
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ok', 'close ok'],
        packets: { rst: { from: 'server', kind: 'stateless', by: 'middlebox' }, fin: 'none' },
        kernel: { client: { TCPChallengeACK: 1 }, server: {}, reason: 'none' },
      },
    },
  },
});
