import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server process is killed with nothing unread',
  causes: ['crash', 'closed'],
  why: "the kernel closes the dead process's socket; all was read, so FIN: end of file, no reset",
  topology: 'direct',
  server: { behaviour: 'never-reply' },
  client: { program: 'ask' },
  async fault({ client, server, look }) {
    await client.begins('read');
    await server.begins('wait');
    await server.hasReadAll();
    await look('server', 'ss -tn');
    await server.kill('SIGKILL');
  },
  expect: {
    client: ['connect ok', 'send ok', 'read eof', 'close ok'],
    packets: { rst: 'none', fin: 'both' },
    kernel: { client: {}, server: {}, reason: 'none' },
  },
});
