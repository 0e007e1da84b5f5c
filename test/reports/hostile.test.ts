import test from 'ava';
import { labReport } from '../../runners/reports/terminal/lab-report.ts';
import { plain } from '../../runners/reports/terminal/text.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { ran } from '../_observation.ts';
import { FAIL, NOT_RUN, resultOf, UNKNOWN } from './_results.ts';

// Clears the screen, sets the title, rings, goes back, turns the writing round, breaks the line.
const HOSTILE = [
  '\u001b[2J',
  '\u001b]0;owned\u0007',
  '\u0007',
  '\b\b\b',
  '\r',
  '\n',
  '\u009b31m',
  '\u007f',
  '\u0000',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\u200e',
  '\u200f',
  '\u061c',
  '\u200b',
  '\u2060',
  '\ufeff',
];
const TEXT = HOSTILE.join('x');
const error = { type: `Error${TEXT}`, errno: `E${TEXT}`, message: TEXT };

function shown(cell: CellResult): string {
  return labReport(
    [cell],
    { columns: 120, colour: false },
    {
      engineTitle: 'local',
      kernel: '6.18',
      showTimeline: true,
      verbose: true,
    },
  ).join('\n');
}

const clean = ran(['connect ok', 'send ok', 'read ok', 'close ok']);
const CELLS: readonly (readonly [string, CellResult])[] = [
  [
    'exception, of a cell that fails',
    resultOf({
      client: {
        ...clean,
        report: {
          ...clean.report,
          steps: [
            {
              step: 'connect',
              beganUs: 1_008_000,
              end: { timeUs: 1_009_000, outcome: 'error', error },
            },
          ],
        },
      },
    }),
  ],
  [
    'printed lines',
    {
      ...FAIL,
      outputs: [{ role: 'client', exitStatus: 1, out: [TEXT], err: [TEXT], cpuMs: null }],
    },
  ],
  ['version', { ...FAIL, client: { ...FAIL.client, version: TEXT } }],
  [
    'server’s version',
    { ...FAIL, server: { language: 'python', asked: null, program: 'server', version: TEXT } },
  ],
  ['reason, of a cell that was not run', { ...NOT_RUN, reason: TEXT }],
  ['reason, of an unknown cell', { ...UNKNOWN, reason: TEXT }],
  [
    'malformed line',
    resultOf({ client: { ...clean, report: { ...clean.report, malformed: [TEXT] } } }),
  ],
];

for (const [where, cell] of CELLS) {
  test(`control and direction characters in a program’s ${where} do not reach the terminal`, (t) => {
    const text = shown(cell);
    t.true(text.includes('x'), 'the text is there');
    // All that moves a cursor, starts a sequence or turns the direction, line ends of ours apart.
    const found = text.match(
      /[\p{Cc}\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu,
    );
    t.deepEqual(new Set(found), new Set(['\n']));
    t.false(/^\s*owned/m.test(text));
  });
}

test('each such character is shown by its number', (t) => {
  for (const character of HOSTILE.join('')) {
    if (/[\w[\];]/.test(character)) continue;
    const number = character.charCodeAt(0).toString(16).padStart(2, '0');
    t.is(plain(character), `\\x${number}`);
  }
});

test('letters, marks and signs of all languages stay as they are', (t) => {
  for (const text of [
    'Verbindung zurückgesetzt',
    '接続がリセットされました',
    'اتصال',
    '“—…✔”',
    '👩‍💻',
  ]) {
    t.is(plain(text), text);
  }
});
