import type { Alternative } from '../../runners/catalog/expectation.ts';
import { lab } from '../../runners/catalog/lab.ts';

const UNTIL_READ = ['connect ok', 'send ok', 'pause ok', 'send ok'] as const;
const END_OF_FILE = [...UNTIL_READ, 'read eof', 'close ok'] as const;

const OUTCOMES: readonly Alternative[] = [
  {
    outcome: 'in time',
    because:
      'both lines had come when the server read, and readers read ahead: nothing was left unread',
    client: END_OF_FILE,
    packets: { rst: 'none', fin: 'both' },
    kernel: { client: {}, server: {}, reason: 'none' },
  },
  {
    outcome: 'unread',
    because:
      'the second line came after the server had read and before it closed: RST in place of FIN',
    client: [...UNTIL_READ, 'read ECONNRESET'],
    packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
      reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
    },
  },
  {
    outcome: 'unread, after a FIN',
    because:
      "the same with Java's close(), which shuts down first: the FIN is there before the RST, so end of file",
    client: END_OF_FILE,
    packets: { rst: { from: 'server', kind: 'socket' }, fin: 'server' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1, TCPAbortOnClose: 1 },
      reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
    },
  },
  {
    outcome: 'too late, FIN-WAIT',
    because: 'the second line came after the close, before the client had acknowledged the FIN',
    client: END_OF_FILE,
    packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'server' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1, TCPAbortOnData: 1 },
      reason: { from: 'server', is: 'TCP_ABORT_ON_DATA' },
    },
  },
  {
    outcome: 'too late, TIME-WAIT',
    because: 'the second line came after the close, when the client had acknowledged the FIN',
    client: END_OF_FILE,
    packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'server' },
    kernel: {
      client: { EstabResets: 1 },
      server: { OutRsts: 1 },
      reason: { from: 'server', is: 'TCP_TIMEWAIT_SOCKET' },
    },
  },
  {
    outcome: 'reset crossed, TIME-WAIT',
    because:
      'as too late, but the client closed when the RST was on the way: its FIN crossed it, and is answered by another',
    client: END_OF_FILE,
    packets: { rst: { from: 'server', kind: 'stateless' }, fin: 'server' },
    kernel: {
      client: {},
      server: { OutRsts: 'some' },
      reason: { from: 'server', is: ['TCP_TIMEWAIT_SOCKET', 'NO_SOCKET'] },
    },
  },
  {
    outcome: 'reset crossed, FIN-WAIT',
    because: 'the same, before the FIN of the server was acknowledged',
    client: END_OF_FILE,
    packets: { rst: { from: 'server', kind: 'stateless' }, fin: 'server' },
    kernel: {
      client: {},
      server: { OutRsts: 'some', TCPAbortOnData: 1 },
      reason: { from: 'server', is: ['TCP_ABORT_ON_DATA', 'NO_SOCKET'] },
    },
  },
  {
    outcome: 'both gone, TIME-WAIT',
    because:
      'as too late, but the client had read end of file and closed, too, before the RST came: its FIN is answered by another',
    client: END_OF_FILE,
    packets: { rst: { from: 'server' }, fin: 'both' },
    kernel: {
      client: {},
      server: { OutRsts: 'some' },
      reason: { from: 'server', is: ['TCP_TIMEWAIT_SOCKET', 'NO_SOCKET', 'TCP_FLAGS'] },
    },
  },
  {
    outcome: 'both gone, FIN-WAIT',
    because: 'the same, before the FIN of the server was acknowledged',
    client: END_OF_FILE,
    packets: { rst: { from: 'server' }, fin: 'both' },
    kernel: {
      client: {},
      server: { OutRsts: 'some', TCPAbortOnData: 1 },
      reason: { from: 'server', is: ['TCP_ABORT_ON_DATA', 'NO_SOCKET', 'TCP_FLAGS'] },
    },
  },
  {
    outcome: 'both gone, unread',
    because:
      'the same with a second line that Java left unread between the two halves of its close',
    client: END_OF_FILE,
    packets: { rst: { from: 'server' }, fin: 'both' },
    kernel: {
      client: {},
      server: { OutRsts: 'some', TCPAbortOnClose: 1 },
      reason: { from: 'server', is: ['TCP_ABORT_ON_CLOSE', 'NO_SOCKET', 'TCP_FLAGS'] },
    },
  },
];

const NOT_SENT: Alternative = {
  outcome: 'not sent',
  because:
    'the client read unasked, met the FIN and ended its own side before the second line was written',
  client: ['connect ok', 'send ok', 'pause ok', 'send EPIPE', 'read eof', 'close ok'],
  packets: { rst: 'none', fin: 'both' },
  kernel: { client: {}, server: {}, reason: 'none' },
};

export default lab({
  title: 'The client writes a second time while the server closes after the first',
  causes: ['closed'],
  why: 'it depends on what comes first, the second request or the close: nobody can say beforehand',
  topology: 'direct',
  server: { behaviour: 'close' },
  client: { program: 'ask-twice' },
  async fault({ client }) {
    // Enter is pressed before the client waits for it: it sends the second line at once.
    await client.proceed();
  },
  expect: OUTCOMES,
  ways: {
    'ended on the FIN': [...OUTCOMES, NOT_SENT],
  },
});
