import { lab } from '../../runners/catalog/lab.ts';

export default lab({
  title: 'The server replies and both sides close: nothing is wrong',
  causes: ['control'],
  why: 'each side has read everything before it closes, so each sends a FIN',
  topology: 'direct',
  server: { behaviour: 'reply' },
  client: { program: 'ask' },
  ready: ({ look }) => look('server', 'ss -tln'),
  expect: {
    client: ['connect ok', 'send ok', 'read ok', 'close ok'],
    packets: { rst: 'none', fin: 'both' },
    kernel: { client: {}, server: {}, reason: 'none' },
  },
});
