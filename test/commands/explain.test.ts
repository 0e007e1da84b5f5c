import { readFileSync } from 'node:fs';
import test from 'ava';
import { inProject } from '../../runners/paths.ts';
import { EXIT } from '../../runners/user-error.ts';
import { typed } from '../_typed.ts';
import { cli } from './_run.ts';

/** With the text as an argument: what is read from standard input is explained in the same way. */
function explained(words: readonly string[]) {
  return typed(['explain', ...words]);
}

const real = (name: string) => readFileSync(inProject(`test/fixtures/explain/${name}.txt`), 'utf8');
const UNKNOWN = real('none/password-reset');

test('a text is explained, as one argument or as several', async (t) => {
  const one = await explained(['Error: read ECONNRESET']);
  t.is(one.status, EXIT.pass, one.err);
  t.is(one.err, '');
  t.regex(one.out, /^read ECONNRESET\n/);
  t.regex(one.out, /\n {2}Shown by node: /);
  t.regex(one.out, /\n {4}04 crash-server {2,}\S/);
  t.regex(one.out, /\S\n$/);
  const several = await explained(['--', 'Error:', 'read', 'ECONNRESET']);
  t.is(several.out, one.out);
});

test('a stack trace is explained from standard input', async (t) => {
  const input = real('java-econnreset-httpclient');
  for (const words of [[], ['-']]) {
    const { status, out, err } = await cli(['explain', ...words], { input });
    t.is(status, EXIT.pass, err);
    t.regex(out, /^Connection reset\n {2}in Caused by: java\.net\.SocketException: /);
  }
});

test('a log with two errors has both, each once', async (t) => {
  const input = [
    '2026-11-22T01:12:03Z INFO  started',
    '2026-11-22T01:12:04Z ERROR connect ECONNREFUSED 10.1.0.1:7001',
    '2026-11-22T01:12:05Z ERROR connect ECONNREFUSED 10.1.0.1:7001',
    '2026-11-22T01:12:09Z ERROR read tcp 10.1.0.2:4711->10.1.0.1:80: read: connection reset by peer',
  ].join('\n');
  const { status, out } = await explained([input]);
  t.is(status, EXIT.pass);
  const titles = out.split('\n').filter((line) => /^\S/.test(line));
  t.deepEqual(titles, [
    'connect ECONNREFUSED 10.1.0.1:7001',
    'read tcp 10.1.0.2:4711->10.1.0.1:80: read: connection reset by peer',
  ]);
  t.regex(out, /\n {2}2 times, first in 2026-11-22T01:12:04Z ERROR/);
});

test('an unknown text gets the three that are most like it', async (t) => {
  const { status, out, err } = await explained([UNKNOWN]);
  t.is(status, EXIT.fail, err);
  t.is(out.match(/^ {4}[A-Z]+, \S/gm)?.length, 3, out);
});

test('the same as JSON', async (t) => {
  const input = real('node-eof-http');
  const known = await explained(['--json', input]);
  t.is(known.status, EXIT.pass, known.err);
  const { text, matches, nearest } = JSON.parse(known.out);
  t.is(text, input);
  t.deepEqual(nearest, []);
  t.is(matches.length, 1);
  const [{ cases, ...match }] = matches;
  t.deepEqual(match, {
    line: 'Error: socket hang up',
    found: 'socket hang up',
    times: 1,
    errno: 'EOF',
    shownBy: [
      {
        ...{ language: 'node', version: null, step: 'read', errno: 'EOF' },
        ...{ type: 'Error', message: 'socket hang up', held: false },
      },
    ],
    inOtherWords: false,
  });
  t.deepEqual(cases[0], {
    ...{ number: '05', lab: 'crash-idle', variant: null, cure: null, at: 'read' },
    ...{ packets: 'FIN from both', reason: 'no reset', why: cases[0].why },
  });

  const unknown = await explained(['--json', UNKNOWN]);
  t.is(unknown.status, EXIT.fail, unknown.err);
  const said = JSON.parse(unknown.out);
  t.deepEqual(said.matches, []);
  t.deepEqual(
    said.nearest.map((one: object) => Object.keys(one)),
    Array(3).fill(['language', 'version', 'step', 'errno', 'type', 'message', 'held']),
  );
});

test('no text is an error that says what to write', async (t) => {
  for (const [words, input] of [
    [[], ''],
    [[], ' \n\n'],
    [['-'], ''],
    [[''], undefined],
  ] as const) {
    const options = input === undefined ? {} : { input };
    const { status, out, err } = await cli(['explain', ...words], options);
    t.is(status, EXIT.usage);
    t.is(out, '');
    t.regex(err, /empty\. Write .*npm run explain -- "read ECONNRESET"\n$/);
  }
});

test('colours only where they are wished for', async (t) => {
  const words = ['explain', 'read ECONNRESET'];
  const plain = await cli(words);
  const coloured = await cli(words, { env: { NO_COLOR: undefined, FORCE_COLOR: '1' } });
  const never = await cli(words, { env: { NO_COLOR: '1', FORCE_COLOR: '1' } });
  t.true(coloured.out.startsWith('\u001b[1mread ECONNRESET\u001b[22m\n'));
  t.false(plain.out.includes('\u001b'));
  t.is(never.out, plain.out);
  t.deepEqual(
    plain.out.split('\n').filter((line) => line.length > 120),
    [],
  );
});

test('of a log that is too long the beginning is read', async (t) => {
  const beginning = 'read ECONNRESET\n';
  const input = `${beginning}${'all is well\n'.repeat(100_000)}connect ECONNREFUSED 10.1.0.1:80\n`;
  const { status, out, err } = await cli(['explain'], { input });
  t.is(status, EXIT.pass, err);
  t.is(err, 'Only the first 1000000 characters are read.\n');
  t.regex(out, /^read ECONNRESET\n/);
  t.false(out.includes('ECONNREFUSED'));
});
