import test from 'ava';
import { footer } from '../../runners/reports/terminal/footer.ts';
import { labReport } from '../../runners/reports/terminal/lab-report.ts';
import { runReport } from '../../runners/reports/terminal/run-report.ts';
import { notEnded, storyName } from '../../runners/reports/terminal/summary.ts';
import type { Screen } from '../../runners/reports/terminal/text.ts';
import { timeline } from '../../runners/reports/terminal/timeline.ts';
import { conclusionOf } from '../../runners/results/conclusion.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { LINK, packet, REQUEST, ran } from '../_observation.ts';
import {
  FAIL,
  LOCAL,
  NOT_RUN,
  PASS,
  PASS_JAVA,
  PROXIED,
  RACE,
  resultOf,
  runOf,
  STUCK,
  UNKNOWN,
} from './_results.ts';

const SCREEN: Screen = { columns: 140, colour: false };
const HOW = { verbose: false, folder: undefined, next: undefined };

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
  [
    'outcomes of a race, as often as they came',
    [RACE.reset, RACE.closed, RACE.reset, RACE.reset, RACE.closed],
  ],
  ['a race of which nothing came that was expected', [RACE.reset, RACE.neither]],
  ['a load balancer that answers a keepalive probe', [PROXIED]],
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

test('the processor time stands in the last lines where it is known', (t) => {
  const last = (allMs: number | null, columns: number) => {
    const run = runOf([PASS], {
      engines: [{ ...LOCAL, processor: { programsMs: 1949, allMs } }],
    });
    return footer(run, { columns, colour: false }, { folder: 'results/latest', next: 'x' });
  };
  t.deepEqual(last(3210, 140), [
    '',
    "  1 passed in 0.61 s · processor time 3.2 s, 1.9 s of it the programs' · evidence in results/latest · next: x",
  ]);
  t.deepEqual(last(3210, 80), [
    '',
    '  1 passed in 0.61 s',
    "  processor time 3.2 s, 1.9 s of it the programs'",
    '  evidence in results/latest',
    '  next: x',
  ]);
  t.deepEqual(last(null, 140), ['', '  1 passed in 0.61 s · evidence in results/latest · next: x']);
});

test('a story is named by its lab, its variant and its cure', (t) => {
  const lab = { number: '08', lab: 'restart', variant: null, cure: null };
  t.is(storyName(lab), '08 restart');
  t.is(storyName({ ...lab, variant: 'listening' }), '08 restart · listening');
  t.is(storyName({ ...lab, cure: 'retry' }), '08 restart · cured by retry');
  t.is(
    storyName({ ...lab, variant: 'listening', cure: 'retry' }),
    '08 restart · listening · cured by retry',
  );
});

test('each story of a lab has a table of its own, in the order in which they came', (t) => {
  const listening = { ...PASS, variant: 'listening', title: 'It listens' };
  const cured = { ...listening, cure: 'retry', title: 'It asks again' };
  const cells = [listening, { ...PASS, variant: 'silent' }, { ...listening, repeat: 2 }, cured];
  const lines = runReport(runOf(cells), SCREEN, HOW);
  t.deepEqual(
    lines.filter((line) => line.startsWith('04 ')),
    [
      '04 crash-server · listening   It listens',
      '04 crash-server · silent   The server process is killed with a request unread',
      '04 crash-server · listening · cured by retry   It asks again',
    ],
  );
  t.deepEqual(
    lines.filter((line) => line.includes('✔')).map((line) => /×\d+$/.exec(line)?.[0]),
    ['×2', undefined, undefined],
  );
  t.false(
    lines.some((line) => line.includes('◀')),
    'timelines of several stories',
  );
  const [one] = [runReport(runOf([cured]), SCREEN, HOW)];
  t.true(one.some((line) => line.includes('◀')));
});

test('how to see a failure again names its variant, its cure and the version of IP', (t) => {
  const again = (more: Partial<CellResult>) =>
    report([{ ...FAIL, ...more }], 140).match(/npm run lab .+/)?.[0];
  const all = 'npm run lab crash-server -- --client python --server python';
  t.is(again({}), `${all} --engine local`);
  t.is(again({ variant: 'silent' }), `${all} --variant silent --engine local`);
  t.is(
    again({ variant: 'silent', cure: 'retry' }),
    `${all} --cured --variant retry --engine local`,
  );
  t.is(again({ ip: 6 }), `${all} --ip 6 --engine local`);
});

test('only where outcomes were told is there a column for them', (t) => {
  t.false(report([PASS, FAIL], 140).includes('outcome'));
  t.true(report([RACE.reset], 140).includes('outcome'));
});

const DIFFERENCE = { client: 'node', server: null, link: LINK, byChance: false, needed: true };

test('a difference is told with the address that shows its cause, whole', (t) => {
  const link = `https://example.org/${'a-very-long-address/'.repeat(6)}`;
  const cell = { ...PASS, because: 'it reads unasked', difference: { ...DIFFERENCE, link } };
  const lines = report([cell], 80).split('\n');
  const place = lines.indexOf('    node: it reads unasked');
  t.is(lines[place + 1], `      ${link}`);
});

test('a failure by a difference of which the contrary was seen says so', (t) => {
  const because = 'it reads unasked';
  const cell = { ...FAIL, because, difference: { ...DIFFERENCE, needed: false } };
  const text = report([cell], 200);
  t.regex(text, /is the known difference true no more\? It says: it reads unasked\n +https:/);
  t.notRegex(report([{ ...cell, difference: { ...DIFFERENCE, needed: null } }], 200), /no more/);
});

test('of segments and steps the first that is not as expected is marked, and no other', (t) => {
  const marks = (cell: CellResult) =>
    timeline(cell, { columns: 300, colour: false }).filter((line) =>
      line.includes('not as expected'),
    );
  const one = (cell: CellResult) => {
    const found = marks(cell);
    t.is(found.length, 1, found.join('\n'));
    return found[0] ?? '';
  };
  t.regex(one(FAIL), /FIN,ACK── server {3}not as expected: socket RST from server, no FIN/);
  t.regex(one(STUCK), /read begins, and does not end {3}not as expected: read: Connection/);
  // Without a capture the step tells.
  t.regex(
    one({ ...FAIL, packets: null }),
    /python: read → end of file {3}not as expected: read: ConnectionResetError/,
  );
  t.regex(one(RACE.neither), /^ +at the end not as expected: no RST, FIN from both/);
  t.deepEqual(marks(PASS), []);
});

test('of a FIN and a RST the first that is not as expected is marked, not the one that decides', (t) => {
  for (const [stateless, observed] of [
    [false, 'socket RST from server, FIN from server'],
    [true, 'stateless RST from server, FIN from server'],
  ] as const) {
    const cell = resultOf({
      packets: {
        got: [
          ...REQUEST,
          packet('server', 'FIN ACK', { timeUs: 1_006_000 }),
          packet('server', 'RST', { timeUs: 1_006_900, stateless }),
        ],
      },
    });
    t.is(cell.findings?.packets.observed, observed);
    const lines = timeline(cell, SCREEN);
    const marked = lines.filter((line) => line.includes('not as expected'));
    t.is(marked.length, 1);
    t.regex(marked[0] ?? '', /─FIN,ACK── server/);
    t.false(lines.some((line) => line.includes(PASS.why)));
  }
});

test('a failure in which all witnesses agree shows what they saw', (t) => {
  const cell = resultOf({ problem: 'the state did not come within 15 s' });
  const text = report([cell], 140);
  for (const witness of ['program', 'packets', 'kernel']) {
    t.regex(text, new RegExp(`\\n  ${witness}\\n    expected  .+\\n    observed  `));
  }
});

test('a long timeline is cut in its middle', (t) => {
  const many = Array.from({ length: 1000 }, () => packet('server', 'PSH ACK', { length: 7 }));
  const cell = resultOf({ packets: { got: [...REQUEST, ...many] } });
  const lines = report([cell], 140).split('\n');
  t.true(lines.length < 260, String(lines.length));
  t.regex(lines.join('\n'), /… 8\d\d lines are left out here …/);
  t.regex(lines.join('\n'), /again +npm run lab/);
});

test('evidence is named in the folder of the run', (t) => {
  const how = { ...HOW, folder: 'elsewhere/run' };
  const lines = runReport(runOf([FAIL]), SCREEN, how);
  t.true(lines.includes(`  evidence  elsewhere/run/${FAIL.pcap}`));
});

test('labs with a cell that failed come first', (t) => {
  const other = { ...PASS, number: '05', lab: 'crash-idle' };
  const failed = { ...FAIL, number: '06', lab: 'closed-socket' };
  const lines = runReport(runOf([PASS, other, failed]), SCREEN, HOW);
  t.deepEqual(
    lines.flatMap((line) => /^\d\d [a-z-]+/.exec(line) ?? []),
    ['06 closed-socket', '04 crash-server', '05 crash-idle'],
  );
});

test('how many cells were not run is counted for each reason', (t) => {
  const other = { ...PASS, number: '05', lab: 'crash-idle' };
  const cells = [NOT_RUN, { ...NOT_RUN, reason: 'no nft' }, NOT_RUN, other, PASS];
  const lines = runReport(runOf(cells), SCREEN, HOW);
  const place = lines.indexOf('  3 of 5 cells were not run:');
  t.deepEqual(lines.slice(place + 1, place + 3), [
    `       2  ${NOT_RUN.reason}`,
    '       1  no nft',
  ]);
  t.false(runReport(runOf([PASS, other]), SCREEN, HOW).some((line) => /not run/.test(line)));
});

function withStrictness(...cells: readonly CellResult[]): string {
  const run = runOf(cells, conclusionOf(cells));
  return runReport(run, { columns: 400, colour: false }, HOW).join('\n');
}

test('a difference that is not needed any more, or was not shown, is told', (t) => {
  const because = 'it reads unasked';
  const cell = (needed: boolean, byChance: boolean): CellResult => ({
    ...{ ...PASS, number: '06', lab: 'closed-socket', because },
    difference: { ...DIFFERENCE, needed, byChance },
  });
  t.regex(
    withStrictness(cell(false, false)),
    /06 closed-socket · node client: the difference is not needed any more: in 1 of 1 cells/,
  );
  const open = /not needed in this run: the difference of 06 closed-socket · node client, 0 of 1/;
  t.regex(withStrictness(PASS, cell(false, true)), open);
  t.notRegex(withStrictness(cell(false, true)), /not needed/, 'one story says little');
  t.notRegex(withStrictness(PASS, cell(true, true)), /not needed/);
});

test('outcomes that were not met are told of several labs, or of many cells', (t) => {
  const line = /not met in this run: 04 crash-server · race: end of file, 0 of (\d+) cells/;
  t.is(line.exec(withStrictness(PASS, RACE.reset))?.[1], '1');
  t.notRegex(withStrictness(RACE.reset), line);
  t.is(line.exec(withStrictness(...Array.from({ length: 100 }, () => RACE.reset)))?.[1], '100');
  t.notRegex(withStrictness(PASS, RACE.reset, RACE.closed), line);
});

test('a step that does not return is told from one in which the program died', (t) => {
  const [blocks, dies, ends] = [null, 141, 1].map((exitStatus) => {
    const client = ran(['connect ok', 'send begin'], { exitStatus });
    return notEnded(resultOf({ client }));
  });
  t.is(blocks, 'does not return');
  t.is(dies, 'dies of SIGPIPE');
  t.is(ends, 'does not return', 'an end of its own is no signal');
});
