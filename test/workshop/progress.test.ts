import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { inProject } from '../../runners/paths.ts';
import { UserError } from '../../runners/user-error.ts';
import { Progress } from '../../runners/workshop/progress.ts';
import { folderWith } from '../_folder.ts';

const LAB = '04-crash-server';
const TIME = '2026-11-22T01:12:03.456Z';
const MEND = 'Mend it, or begin anew: npm run workshop -- --reset all';

/** A file of a participant's state with this text; without a text it is not there. */
function stateFile(t: ExecutionContext, text?: string): string {
  return join(folderWith(t, text === undefined ? {} : { 'progress.yaml': text }), 'progress.yaml');
}

const textOf = (file: string) => readFileSync(file, 'utf8');

test('without a file nothing is known, and none is made', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  t.is(progress.language, undefined);
  t.deepEqual(progress.lab(LAB), {});
  t.deepEqual(readdirSync(join(file, '..')), []);
});

test('what is kept is there when it is read again', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  await progress.choose('python');
  await progress.set(LAB, ['predicted'], 'read ECONNRESET');
  await progress.set(LAB, ['ran'], TIME);
  await progress.set(LAB, ['solved', 'retry'], TIME);
  await progress.set(LAB, ['hints', 'retry'], 2);
  await progress.set('01-hello', ['skipped'], true);
  for (const one of [progress, await Progress.read(file)]) {
    t.is(one.language, 'python');
    t.deepEqual(one.lab(LAB), {
      ...{ predicted: 'read ECONNRESET', ran: TIME },
      ...{ solved: { retry: TIME }, hints: { retry: 2 } },
    });
    t.deepEqual(one.lab('01-hello'), { skipped: true });
    t.deepEqual(one.lab('02-refused'), {});
  }
});

test('what is kept again takes the place of what was kept before', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  await progress.set(LAB, ['hints', 'retry'], 1);
  await progress.set(LAB, ['hints', 'retry'], 2);
  t.deepEqual((await Progress.read(file)).lab(LAB), { hints: { retry: 2 } });
});

test('the folder of the file is made where it is missing', async (t) => {
  const file = join(folderWith(t), 'workshop', 'progress.yaml');
  await (await Progress.read(file)).choose('python');
  t.is((await Progress.read(file)).language, 'python');
});

test('the file is readable: a comment at its head says what it is, once', async (t) => {
  const file = stateFile(t);
  for (const language of ['python', 'java']) await (await Progress.read(file)).choose(language);
  t.is(
    textOf(file),
    `# Where you are in the workshop. Read it, keep it, carry it to another machine.
# It is written by \`npm run workshop\`; without it the workshop begins anew.

version: 1
language: java
`,
  );
});

test('a write keeps what a person and a later version have added', async (t) => {
  const text = `# mine
version: 1
language: python # the one I know
team: blue
labs:
  # nobody guesses it
  04-crash-server:
    predicted: read eof # as all do
    stars: 3
    hints:
      later: 1
`;
  const file = stateFile(t, text);
  const progress = await Progress.read(file);
  await progress.set(LAB, ['hints', 'retry'], 1);
  t.is(textOf(file), `${text}      retry: 1\n`);
  t.is((await Progress.read(file)).lab(LAB).stars, 3);
});

test('one lab is forgotten, or all; the language stays', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  await progress.choose('python');
  for (const lab of ['01-hello', LAB]) await progress.set(lab, ['skipped'], true);
  await progress.forget(LAB);
  t.deepEqual((await Progress.read(file)).lab(LAB), {});
  t.deepEqual((await Progress.read(file)).lab('01-hello'), { skipped: true });
  await progress.forget();
  t.deepEqual((await Progress.read(file)).lab('01-hello'), {});
  t.is((await Progress.read(file)).language, 'python');
});

test('a lab of which nothing is known can be forgotten', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  await progress.forget(LAB);
  await progress.forget();
  await progress.set('01-hello', ['skipped'], true);
  await progress.forget(LAB);
  t.deepEqual((await Progress.read(file)).lab('01-hello'), { skipped: true });
});

for (const [what, text, message] of [
  [
    'no YAML',
    'version: 1\nlabs: [\n',
    /^FILE cannot be used: Flow sequence in block collection .* at line 3, column 1\. MEND$/,
  ],
  [
    'a key twice',
    'version: 1\nversion: 1\n',
    /^FILE cannot be used: Map keys must be unique .*MEND$/,
  ],
  [
    'a name of nothing',
    'version: 1\nlanguage: *mine\n',
    /^FILE cannot be used: Unresolved alias .*MEND$/,
  ],
  ['nothing', '', /^FILE cannot be used: `the file`: .*Expected Object but received null\. MEND$/],
  ['a list', '- 1\n', /^FILE: `version` is undefined, .*-- --reset all$/],
  [
    'another version',
    'version: 2\n',
    /^FILE: `version` is 2, and this workshop knows 1 only\. Take the version of the workshop that wrote it, or begin anew: npm run workshop -- --reset all$/,
  ],
  ['no version', 'labs: {}\n', /^FILE: `version` is undefined, .*-- --reset all$/],
  [
    'a language of another type',
    'version: 1\nlanguage: 7\n',
    /^FILE cannot be used: `language`: .*Expected string but received 7\. MEND$/,
  ],
  [
    'labs of another type',
    'version: 1\nlabs: none\n',
    /^FILE cannot be used: `labs`: .*"none"\. MEND$/,
  ],
  [
    'a lab of another type',
    'version: 1\nlabs:\n  04-crash-server: done\n',
    /^FILE cannot be used: `labs\.04-crash-server`: .*"done"\. MEND$/,
  ],
  [
    'a time that is none',
    'version: 1\nlabs:\n  04-crash-server:\n    solved:\n      retry: yesterday\n',
    /^FILE cannot be used: `labs\.04-crash-server\.solved\.retry`: .*"yesterday"\. MEND$/,
  ],
  [
    'less hints than none',
    'version: 1\nlabs:\n  04-crash-server:\n    hints: { retry: -1 }\n',
    /^FILE cannot be used: `labs\.04-crash-server\.hints\.retry`: .*-1\. MEND$/,
  ],
  [
    'a word in the place of yes or no',
    'version: 1\nlabs:\n  04-crash-server:\n    skipped: maybe\n',
    /^FILE cannot be used: `labs\.04-crash-server\.skipped`: .*"maybe"\. MEND$/,
  ],
] as const) {
  test(`a file with ${what} is refused, and left as it is`, async (t) => {
    const file = stateFile(t, text);
    const error = await t.throwsAsync(Progress.read(file), { instanceOf: UserError });
    t.regex((error?.message ?? '').replaceAll(file, 'FILE').replaceAll(MEND, 'MEND'), message);
    t.is(textOf(file), text);
  });
}

test('a folder in the place of the file is refused, and left as it is', async (t) => {
  const file = stateFile(t);
  mkdirSync(file);
  await t.throwsAsync(Progress.read(file), {
    instanceOf: UserError,
    message: `${file} cannot be used: EISDIR: illegal operation on a directory, read. ${MEND}`,
  });
  t.true(statSync(file).isDirectory());
});

test('a file that cannot be written is told', async (t) => {
  const file = join(folderWith(t), 'taken', 'progress.yaml');
  const progress = await Progress.read(file);
  // The parent is a file: that stops root, too.
  writeFileSync(join(file, '..'), '');
  const error = await t.throwsAsync(progress.choose('python'), { instanceOf: UserError });
  t.true(error?.message.startsWith(`${file} cannot be written: E`), error?.message);
  t.true(error?.message.endsWith('. Make room there, or let yourself write there.'));
});

test('neither a write nor one that fails leaves a file beside it', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  await progress.choose('python');
  t.deepEqual(readdirSync(join(file, '..')), ['progress.yaml']);

  const other = stateFile(t);
  const late = await Progress.read(other);
  mkdirSync(other);
  await t.throwsAsync(late.choose('python'), { instanceOf: UserError });
  t.deepEqual(readdirSync(join(other, '..')), ['progress.yaml']);
});

for (const ms of [0, 3, 11, 40]) {
  test.serial(
    `after a SIGKILL while it is written, ${ms} ms later, the file can be read`,
    async (t) => {
      // Long, so that half of it would be seen.
      const file = stateFile(t, `# ${'mine '.repeat(400_000)}\nversion: 1\nlanguage: python\n`);
      const child = spawn(
        process.execPath,
        ['--import', import.meta.resolve('tsx'), inProject('test/workshop/_writer.ts'), file],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      t.teardown(() => child.kill('SIGKILL'));
      const ended = once(child, 'close');
      t.is(String(await Promise.race([once(child.stdout, 'data'), ended])), 'writing\n');
      await after(ms);
      child.kill('SIGKILL');
      t.deepEqual(await ended, [null, 'SIGKILL']);
      const progress = await Progress.read(file);
      t.is(progress.language, 'python');
      t.true((progress.lab(LAB).hints?.retry ?? -1) >= 0);
    },
  );
}
