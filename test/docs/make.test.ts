import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeDocs } from '../../runners/docs/make.ts';
import type { Statement } from '../../runners/docs/statement.ts';
import { UserError } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';
import { CRASH } from '../_observation.ts';
import { FAIL, NOT_RUN, PASS, UNKNOWN } from '../reports/_results.ts';
import { EMPTY_PAGES, inputOf } from './_pages.ts';

const page = (root: string, file: string) => readFileSync(join(root, file), 'utf8');
const isUntouched = (root: string) =>
  Object.entries(EMPTY_PAGES).every(([file, text]) => page(root, file) === text);

const statement: Statement = {
  said: 'A crash is silent',
  verdict: 'false',
  because: 'the kernel speaks for the dead',
  proofs: [{ lab: 'crash-server', sees: 'a RST', shows: ({ packets }) => packets !== null }],
};

test('writes all pages; then there is nothing to write, and the check passes', async (t) => {
  const input = inputOf(t, {}, { statements: [statement] });
  const { status, text } = await makeDocs(input);
  t.deepEqual(
    { status, text },
    { status: 0, text: 'written: labs/README.md\nwritten: labs/04-crash-server/README.md' },
  );
  t.snapshot(page(input.root, 'labs/04-crash-server/README.md'));
  t.snapshot(page(input.root, 'labs/README.md'));
  t.regex((await makeDocs(input)).text, /^nothing to write/);
  t.deepEqual(await makeDocs({ ...input, check: true }), {
    status: 0,
    text: '2 pages say what the labs show',
  });
});

test('the check names the page, the line, and the command; it writes nothing', async (t) => {
  const input = inputOf(t);
  const { status, text } = await makeDocs({ ...input, check: true });
  t.is(status, 1);
  t.regex(
    text,
    /^labs\/README\.md:4 differs from what the labs show:\n {2}it says {2}.*\n {2}seen is/,
  );
  t.regex(text, /\nlabs\/04-crash-server\/README\.md:4 differs/);
  t.regex(text, /\nWrite the generated parts anew: npm run docs$/);
  t.true(isUntouched(input.root));
});

test('what was written by hand is no difference', async (t) => {
  const input = inputOf(t);
  await makeDocs(input);
  const text = page(input.root, 'labs/README.md');
  const root = folderWith(t, {
    'labs/README.md': text.replace('By hand.', 'By another hand.'),
    'labs/04-crash-server/README.md': page(input.root, 'labs/04-crash-server/README.md'),
  });
  t.is((await makeDocs({ ...input, root, check: true })).status, 0);
});

for (const [what, cell, status, reason] of [
  ['failed', FAIL, 1, /and a cell failed:\n {2}04 crash-server · python client/],
  ['is unknown', UNKNOWN, 3, /and not all was seen:\n/],
  ['was not run', NOT_RUN, 3, /and not all was seen:\n {2}.*`javac`, which is not on the PATH/],
  ['has no packets', { ...PASS, packets: null }, 3, /its packets were not captured/],
  [
    'has no counters',
    { ...PASS, kernel: { ...PASS.kernel, hosts: null } },
    3,
    /no counters could be read/,
  ],
  [
    'has no reasons of the kernel',
    { ...PASS, kernel: { ...PASS.kernel, resetReasons: null, noReasons: 'needs root' } },
    3,
    /the kernel's reasons were not seen:\n {2}needs root/,
  ],
] as const) {
  test(`nothing is written where a cell ${what}`, async (t) => {
    const input = inputOf(t, cell);
    const said = await makeDocs(input);
    t.is(said.status, status);
    t.regex(said.text, reason);
    t.regex(said.text, /\nNothing was written\.$/);
    t.true(isUntouched(input.root));
  });
}

test("the check does without the kernel's reasons", async (t) => {
  const input = inputOf(t);
  await makeDocs(input);
  const kernel = { ...PASS.kernel, resetReasons: null, noReasons: 'needs root' };
  const runs = input.runs.map((run) => ({ ...run, cells: [{ ...PASS, kernel }] }));
  t.is((await makeDocs({ ...input, runs, check: true })).status, 0);
});

test('nothing is written where a statement is not proved', async (t) => {
  const proofs = [{ lab: 'crash-server', sees: 'a FIN', shows: () => false }];
  const input = inputOf(t, {}, { statements: [{ ...statement, proofs }] });
  const { status, text } = await makeDocs(input);
  t.is(status, 1);
  t.regex(
    text,
    /a statement is not proved \(labs\/statements\.ts\):\n {2}"A crash is silent": .*a FIN/,
  );
  t.true(isUntouched(input.root));
});

test('nothing is written where a page is not there, or a marker is wrong', async (t) => {
  const { 'labs/README.md': overview } = EMPTY_PAGES;
  for (const [files, reason] of [
    [{}, /^labs\/04-crash-server\/README\.md is not there: write it, with the markers `<!-- gen/],
    [
      { 'labs/04-crash-server/README.md': '# Crash\n' },
      /^labs\/04-crash-server\/README\.md: the marker `<!-- generated: observed -->` is missing/,
    ],
  ] as const) {
    const root = folderWith(t, { 'labs/README.md': overview, ...files });
    const thrown = await t.throwsAsync(makeDocs(inputOf(t, {}, { root })), {
      instanceOf: UserError,
    });
    t.regex(thrown?.message ?? '', reason);
    t.is(page(root, 'labs/README.md'), overview);
  }
});

test('where it is chance how a lab ends, all that is possible is shown, and no run of it', async (t) => {
  const expect = [
    { ...CRASH.expect, outcome: 'sooner', because: 'the kernel was quick' },
    { ...CRASH.expect, outcome: 'later', because: 'the kernel was slow' },
  ] as never;
  const input = inputOf(t, {}, {}, { ...CRASH, expect });
  await makeDocs(input);
  t.snapshot(page(input.root, 'labs/04-crash-server/README.md'));
});
