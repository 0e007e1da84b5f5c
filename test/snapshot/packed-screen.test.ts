import test from 'ava';
import { packed } from '../../runners/snapshot/archive.ts';
import { packedLines } from '../../runners/snapshot/packed-screen.ts';
import { files, HEAD, RUN } from './_snapshots.ts';

/** What is shown of a run with so many captures. */
function shown(captures: number, redacted = {}): string[] {
  const all = files({ 'workshop/progress.yaml': 'version: 1\n' });
  for (let cell = 1; cell <= captures; cell++) {
    all.set(`cells/local/04-crash-server-python-python-${cell}/capture.pcap`, Buffer.alloc(546));
  }
  const { manifest, sizes } = packed({ ...HEAD, redacted }, all);
  const file = 'reset-labs-2026-11-21T09-00-00-1a2b3c.tar.gz';
  const notes = ['workshop/04-crash-server/ask.py has the word "anna": yours to change'];
  // The true size depends on the library that compresses.
  const what = { file, size: 4700, ...manifest, sizes, result: RUN, check: null, notes };
  return packedLines(what, { columns: 80, colour: false });
}

test('what went in, file by file, and what was replaced, in 80 columns', (t) => {
  const lines = shown(2, { '<home>': 3, '<project>': 1 });
  t.snapshot(lines.join('\n').replace(/[\d.]+ k?B( {2}snapshot\.json)/, '… B$1'));
  for (const line of lines) t.true(line.length <= 80, line);
});

test('many captures are counted', (t) => {
  const lines = shown(100);
  t.true(lines.includes('    54.6 kB  100 captures, cells/*/*/capture.pcap'));
  t.false(lines.some((line) => line.includes('python-python-7')));
  t.regex(lines.join('\n'), /Nothing in it told of this machine/);
});
