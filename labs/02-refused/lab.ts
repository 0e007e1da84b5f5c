import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'Nothing listens on the port',
  causes: ['protocol'],
  why: 'no socket listens there, so the kernel itself answers the SYN with a RST',
  topology: 'direct',
  server: 'none',
  client: { program: 'ask' },
  ready: ({ look }) => look('server', 'ss -tln'),
  expect: {
    client: ['connect ECONNREFUSED'],
    packets: { rst: { from: 'server', kind: 'stateless', answers: 'SYN' }, fin: 'none' },
    kernel: {
      client: { AttemptFails: 1 },
      server: { OutRsts: 1 },
      reason: { from: 'server', is: 'NO_SOCKET' },
    },
  },
});
