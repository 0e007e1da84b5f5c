import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server process is killed with a request unread',
  cause: 'crash',
  why: "the kernel closes the dead process's socket; unread data, so RST, not FIN",
  topology: 'direct',
  server: { behaviour: 'never-read' },
  client: { program: 'ask' },
  async fault({ client, server }) {
    await client.begins('read');
    await server.hasUnread();
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
});
