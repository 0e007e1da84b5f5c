import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server aborts the connection: SO_LINGER with 0 seconds, then close',
  cause: 'crash',
  why: 'lingering for 0 seconds means to abort: the kernel sends a RST in place of a FIN',
  topology: 'direct',
  server: { behaviour: 'abort' },
  client: { program: 'ask' },
  expect: {
    client: ['connect ok', 'send ok', 'read ECONNRESET'],
    packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1, EstabResets: 1, TCPAbortOnData: 1 },
      reason: { from: 'server', is: 'TCP_STATE' },
    },
  },
});
