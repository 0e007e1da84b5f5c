import test from 'ava';
import { footer } from '../../runners/reports/terminal/footer.ts';
import { labReport } from '../../runners/reports/terminal/lab-report.ts';
import type { Screen } from '../../runners/reports/terminal/text.ts';
import { timeline } from '../../runners/reports/terminal/timeline.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { FAIL, NOT_RUN, PASS, PASS_JAVA, runOf, STUCK, UNKNOWN } from './_results.ts';

function report(cells: readonly CellResult[], columns: number, showTimeline = true): string {
  const screen = { columns, colour: false };
  const context = { engineTitle: 'local', kernel: '6.18.44', showTimeline, verbose: false };
  return `\n${labReport(cells, screen, context).join('\n')}\n`;
}

const CASES: readonly (readonly [string, readonly CellResult[]])[] = [
  ['a pass', [PASS]],
  ['two languages that pass', [PASS_JAVA, PASS]],
  ['a failure among passes', [PASS_JAVA, FAIL]],
  ['a cell that did not come to its end', [STUCK]],
  ['an unknown', [UNKNOWN]],
  ['a cell that was not run', [PASS, NOT_RUN]],
  [
    'repeats, of which one differs',
    [...Array.from({ length: 9 }, (_, index) => ({ ...PASS, repeat: index + 1 })), FAIL],
  ],
];

for (const [what, cells] of CASES) {
  for (const columns of [80, 140]) {
    test(`${what} at ${columns} columns`, (t) => {
      const text = report(cells, columns);
      t.snapshot(text);
      // A command and a path stay whole, so that they can be copied.
      const lines = text.split('\n').filter((line) => !/^ {2}(again|evidence) /.test(line));
      const longest = Math.max(...lines.map((line) => line.length));
      t.true(longest <= columns, `a line has ${longest} characters`);
      t.false(text.includes('\u001b'));
    });
  }
}

test('with colour the same words stand there', (t) => {
  const context = { engineTitle: 'local', kernel: '6.18', showTimeline: true, verbose: true };
  for (const [, cells] of CASES) {
    const [plain, coloured] = [false, true].map((colour) =>
      labReport(cells, { columns: 140, colour }, context).join('\n'),
    );
    t.true(
      coloured?.includes('\u001b[32m') ||
        coloured?.includes('\u001b[31m') ||
        coloured?.includes('\u001b[33m'),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    t.is(coloured?.replaceAll(/\u001b\[\d+m/g, ''), plain);
  }
});

test('a failure names both sides, marks the deciding segment, and says how to see it again', (t) => {
  const text = report([FAIL], 140);
  t.regex(text, /expected {2}read: ConnectionResetError: \[Errno 104\] Connection reset by peer/);
  t.regex(text, /observed {2}read eof/);
  t.regex(text, /expected {2}socket RST from server, no FIN/);
  t.regex(text, /observed {2}no RST, FIN from both/);
  t.regex(text, /◀─+FIN,ACK── server {3}not as expected: socket RST from server, no FIN/);
  t.true(
    text.includes('npm run lab crash-server -- --client python --server python --engine local'),
  );
  t.true(text.includes(`results/latest/${FAIL.pcap}`));
});

test('acknowledgements are shown on request only', (t) => {
  const screen: Screen = { columns: 140, colour: false };
  const brief = timeline(PASS, screen);
  const verbose = timeline(PASS, screen, true);
  t.is(brief.filter((line) => / ──ACK─|─ACK── /.test(line)).length, 0);
  t.is(verbose.filter((line) => / ──ACK─|─ACK── /.test(line)).length, 2);
});

test('a report of no cells is empty', (t) => {
  t.deepEqual(
    labReport(
      [],
      { columns: 80, colour: false },
      {
        engineTitle: 'local',
        kernel: '6.18',
        showTimeline: true,
        verbose: false,
      },
    ),
    [],
  );
});

test('the last lines count, and say where the evidence lies and what is next', (t) => {
  const screen = { columns: 140, colour: false };
  const last = (cells: readonly CellResult[], more = {}, next?: string) =>
    footer(runOf(cells, more), screen, { folder: 'results/latest', next });
  t.deepEqual(last([PASS, PASS, FAIL, UNKNOWN, NOT_RUN], {}, 'npm run lab crash-idle'), [
    '',
    '  2 passed, 1 failed, 1 unknown, 1 not run in 0.61 s · evidence in results/latest · next: npm run lab crash-idle',
  ]);
  t.deepEqual(last([]), ['', '  nothing was run in 0.61 s · evidence in results/latest']);
  t.deepEqual(last([PASS], { interrupted: true }, 'npm run lab crash-idle'), [
    '',
    '  interrupted',
    '',
    '  1 passed in 0.61 s · evidence in results/latest',
  ]);
});

test('last lines that are too long for the screen stand below each other', (t) => {
  const folder = 'a-very-long-name-of-a-folder/'.repeat(3);
  t.deepEqual(footer(runOf([PASS]), { columns: 80, colour: false }, { folder, next: 'x' }), [
    '',
    '  1 passed in 0.61 s',
    `  evidence in ${folder}`,
    '  next: x',
  ]);
});
