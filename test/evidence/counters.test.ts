import test from 'ava';
import { difference, parseCounters, RESET_COUNTERS } from '../../runners/evidence/counters.ts';

// Linux 6.18, the lines that the agent passes on; TcpExt is shortened.
const LINES = [
  'Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors',
  'Tcp: 1 200 120000 -1 1576 812 722 637 0 18849 14936 0 0 1133 0',
  'TcpExt: SyncookiesSent EmbryonicRsts TCPAbortOnData TCPAbortOnClose',
  'TcpExt: 0 1 22 333',
];

test('names and values of both files are read', (t) => {
  const counters = parseCounters(LINES);
  t.is(counters.MaxConn, -1);
  t.is(counters.OutRsts, 1133);
  t.is(counters.InCsumErrors, 0);
  t.is(counters.TCPAbortOnData, 22);
  t.is(counters.TCPAbortOnClose, 333);
  t.is(Object.keys(counters).length, 19);
});

test('names and values that do not belong together are refused', (t) => {
  const [names = '', values = '', more = ''] = LINES;
  t.throws(() => parseCounters([names, values.replace(/ 0$/, '')]), {
    message: /^the kernel's counters cannot be read: Tcp: RtoAlgorithm/,
  });
  t.throws(() => parseCounters([names, more]), { message: /cannot be read/ });
});

test('only what was counted between two readings is told', (t) => {
  t.deepEqual(
    difference({ OutRsts: 3, InSegs: 10, InErrs: 2 }, { OutRsts: 4, InSegs: 10, InErrs: 2 }),
    { OutRsts: 1 },
  );
});

test('a counter that appears only in the second reading counts from zero', (t) => {
  t.deepEqual(difference({}, { OutRsts: 2, InSegs: 0 }), { OutRsts: 2 });
});

test('gauges and settings are no events', (t) => {
  const gauges = { RtoAlgorithm: 1, RtoMin: 1, RtoMax: 1, MaxConn: 1, CurrEstab: 1 };
  t.deepEqual(difference({}, { ...gauges, OutRsts: 1 }), { OutRsts: 1 });
});

test('every reset counter is one that this kernel has', async (t) => {
  if (process.platform !== 'linux') return t.pass('there is no /proc');
  const { readFile } = await import('node:fs/promises');
  const files = ['/proc/net/snmp', '/proc/net/netstat'].map((path) => readFile(path, 'utf8'));
  const lines = (await Promise.all(files)).join('').split('\n');
  const counters = parseCounters(lines.filter((line) => /^Tcp(Ext)?:/.test(line)));
  for (const name of RESET_COUNTERS) t.is(typeof counters[name], 'number', name);
});
