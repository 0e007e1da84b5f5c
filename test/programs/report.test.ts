// The checker of reports must itself be red where a program breaks docs/programs.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { PROGRAM_NAMES, type ProgramName } from '../../runners/catalog/programs.ts';
import type { Found } from './_languages.ts';
import { start } from './_program.ts';

const folder = mkdtempSync(join(tmpdir(), 'reset-labs-report-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

// The program reports what it is told to; @ stands for the time, + for a TAB.
writeFileSync(
  join(folder, 'liar.mjs'),
  `import { appendFileSync } from 'node:fs';
const lines = process.argv[2].replaceAll('@', () => String(Date.now() * 1000)).replaceAll('+', '\\t');
appendFileSync(process.env.LAB_STEPS, lines);
`,
);
const run = {} as Record<ProgramName, string[]>;
for (const name of PROGRAM_NAMES) run[name] = [process.execPath, 'liar.mjs'];
const liar: Found = {
  ...{ name: 'liar', of: 'liar', id: 'liar', runtime: 'liar', version: null, seen: ['1'] },
  title: 'Liar',
  folder,
  sources: ['liar.mjs'],
  run,
  toolchain: { commands: ['node'], version: ['node', '--version'], debian: 'nodejs' },
  faces: {},
};
const RUNTIME = '@+runtime+ok+1.0\n';

test('a report that keeps the contract is read', async (t) => {
  const report = [
    RUNTIME,
    '@+connect+begin\n@+connect+ok\n@+read+begin\n@+read+eof\n',
    '@+send+begin\n@+send+error+a.B+EPIPE+one\\ttwo \\\\n three\\n\n@+close+begin\n',
  ].join('');
  const { steps } = await start(t, folder, liar, 'ask', report).end();
  t.like(steps, [
    { name: 'connect', end: 'ok' },
    { name: 'read', end: 'eof' },
    {
      name: 'send',
      end: 'error',
      type: 'a.B',
      errno: 'EPIPE',
      message: 'one\ttwo \\n three\n',
    },
    { name: 'close', end: 'begin' },
  ]);
});

for (const [what, report, rule] of [
  ['nothing', '', /the report is empty/],
  ['half a line', `${RUNTIME}@+connect+beg`, /does not end with a line feed/],
  ['no runtime', '@+connect+begin\n', /the first line is not the runtime/],
  ['no version', '@+runtime+ok\n', /the runtime is not "ok" and a version/],
  ['spaces for TABs', `${RUNTIME}@ connect begin\n`, /the time is not a whole number/],
  ['seconds', `${RUNTIME}1700000000.5+connect+begin\n`, /the time is not a whole number/],
  ['milliseconds', '1700000000000+runtime+ok+1.0\n', /earlier/],
  ['nanoseconds', `${RUNTIME}@000+connect+begin\n`, /in the future/],
  ['time that runs back', '9@+runtime+ok+1.0\n', /in the future/],
  ['an earlier time', `${RUNTIME}1+connect+begin\n`, /earlier/],
  ['an unknown step', `${RUNTIME}@+dance+begin\n`, /there is no such step/],
  ['a second runtime', `${RUNTIME}${RUNTIME}`, /there is no such step/],
  ['an unknown end', `${RUNTIME}@+send+begin\n@+send+maybe\n`, /does not end so/],
  ['an end without a begin', `${RUNTIME}@+send+ok\n`, /has not begun/],
  ['the end of another', `${RUNTIME}@+send+begin\n@+read+ok\n`, /has not begun/],
  ['a step in a step', `${RUNTIME}@+send+begin\n@+read+begin\n`, /"send" has not ended/],
  ['a sent end of file', `${RUNTIME}@+send+begin\n@+send+eof\n`, /only a read/],
  ['a remark', `${RUNTIME}@+send+begin\n@+send+ok+well\n`, /more fields/],
  ['a bare error', `${RUNTIME}@+send+begin\n@+send+error\n`, /not type, errno and message/],
  [
    'a raw TAB in a message',
    `${RUNTIME}@+send+begin\n@+send+error+E+EPIPE+a+b\n`,
    /not type, errno and message/,
  ],
  ['a sentence for a type', `${RUNTIME}@+send+begin\n@+send+error+An E+-+m\n`, /not one word/],
  ['a number for an errno', `${RUNTIME}@+send+begin\n@+send+error+E+104+m\n`, /no name/],
  ['a raw backslash', `${RUNTIME}@+send+begin\n@+send+error+E+-+a\\b\n`, /not escaped/],
] as const) {
  test(`a report with ${what} is refused`, async (t) => {
    const running = start(t, folder, liar, 'ask', report);
    await t.throwsAsync(running.end(), { message: rule });
  });
}

test('a step that does not come is named, with what the program said', async (t) => {
  const running = start(t, folder, liar, 'ask', RUNTIME);
  await t.throwsAsync(running.step('connect', 'begin'), {
    message: /liar ask .*: step "connect begin" did not come \(it has ended\).*runtime\tok\t1\.0/s,
  });
});
