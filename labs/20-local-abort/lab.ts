import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'An administrator destroys the socket',
  causes: ['firewall'],
  topology: 'direct',
  needs: ['ss'],
  server: { behaviour: 'never-reply' },
  client: { program: 'ask' },
  variants: {
    'on-the-client': {
      title: "An administrator of the client's host destroys the socket",
      why: 'the client is told by its own kernel (ECONNABORTED), and the server by a RST of the client',
      async fault({ client, server, look }) {
        await client.begins('read');
        await server.begins('wait');
        await look('client', 'ss -tn');
        await client.host.killsSocket();
        await client.finishes('read');
        await look('server', 'ss -tan');
      },
      expect: {
        client: ['connect ok', 'send ok', 'read ECONNABORTED'],
        packets: { rst: { from: 'client', kind: 'socket' }, fin: 'none' },
        kernel: {
          client: { OutRsts: 1, EstabResets: 1 },
          server: { EstabResets: 1 },
          reason: { from: 'client', is: 'TCP_STATE' },
        },
      },
    },
    'on-the-server': {
      title: "An administrator of the server's host destroys the socket",
      why: 'the kernel of the server tells the client by a RST, as in every abort',
      async fault({ client, server }) {
        await client.begins('read');
        await server.begins('wait');
        await server.host.killsSocket();
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
    },
  },
});
