import { spawnSync } from 'node:child_process';
import test from 'ava';
import { processorTimeMs, processorTimeSince } from '../runners/processor-time.ts';

const linux = process.platform === 'linux' ? test.serial : test.serial.skip;

/** Turns round until its process has used so much processor time. */
const work = (ms: number) =>
  `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
   const end = used() + ${ms}; while (used() < end);`;

linux('the work of this process is counted, and what it has done before can be left out', (t) => {
  new Function('process', work(100))(process);
  const before = processorTimeMs();
  new Function('process', work(100))(process);
  const spent = processorTimeSince(before) ?? Number.NaN;
  t.true(spent >= 99 && spent < 1000, `${spent} ms`);
  t.true((before ?? 0) >= 100);
  t.is(processorTimeSince(null), null);
});

linux('the work of processes that have ended, and of theirs, is counted', (t) => {
  const grandchild = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(work(200))}]);`;
  const before = processorTimeMs() ?? Number.NaN;
  const { status } = spawnSync(process.execPath, ['-e', `${work(200)} ${grandchild}`]);
  t.is(status, 0);
  const spent = (processorTimeMs() ?? Number.NaN) - before;
  t.true(spent >= 380, `${spent} ms`);
});

linux('a name with spaces and parentheses does not shift the fields', (t) => {
  const { title } = process;
  t.teardown(() => {
    process.title = title;
  });
  const before = processorTimeMs() ?? Number.NaN;
  process.title = ') 1 2 3 4 5 6 7';
  const after = processorTimeMs() ?? Number.NaN;
  t.true(after >= before && after < before + 1000, `${before} ms, ${after} ms`);
});
