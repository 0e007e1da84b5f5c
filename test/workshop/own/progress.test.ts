import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UserError } from '../../../runners/user-error.ts';
import { Progress } from '../../../runners/workshop/own/progress.ts';
import { folderWith } from '../../_folder.ts';

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

for (const [what, put, why] of [
  ['a folder', (file) => mkdirSync(file), 'it is a folder'],
  ['a FIFO', (file) => execFileSync('mkfifo', [file]), 'it is a FIFO'],
  [
    'a link that leads nowhere',
    (file) => symlinkSync('elsewhere.yaml', file),
    'it is a link to elsewhere.yaml, where nothing is',
  ],
  [
    'what is no UTF-8',
    (file) => writeFileSync(file, Buffer.from('version: 1\nteam: d\xe9j\xe0 vu\n', 'latin1')),
    'it is not UTF-8',
  ],
  ['10 MB', (file) => writeFileSync(file, '# mine\n'.repeat(1_500_000)), 'it has more than 1 MB'],
  [
    'lists in lists without end',
    (file) => writeFileSync(file, `version: 1\nx: ${'['.repeat(100_000)}`),
    'Maximum call stack size exceeded',
  ],
] as readonly (readonly [string, (file: string) => void, string])[]) {
  test(`${what} in the place of the file: it is refused, and left as it is`, async (t) => {
    const file = stateFile(t);
    put(file);
    const whole = () => {
      const { ino, size, mtimeMs, mode } = lstatSync(file);
      return { ino, size, mtimeMs, mode };
    };
    const before = whole();
    await t.throwsAsync(Progress.read(file), {
      instanceOf: UserError,
      message: new RegExp(`^${file} cannot be used: ${why}[^.]*\\. ${MEND}$`),
    });
    t.deepEqual(whole(), before);
    t.deepEqual(readdirSync(dirname(file)), ['progress.yaml']);
  });
}

for (const [what, text, after] of [
  [
    'lines that end in carriage returns',
    'version: 1\r\n# mine\r\nlabs:\r\n  01-hello: { skipped: true }\r\n',
    'version: 1\r\n# mine\r\nlabs:\r\n  01-hello: { skipped: true }\r\n  04-crash-server:\r\n    ran: TIME\r\n',
  ],
  [
    'a byte order mark',
    '\ufeffversion: 1\nteam: blue\n',
    '\ufeffversion: 1\nteam: blue\nlabs:\n  04-crash-server:\n    ran: TIME\n',
  ],
  [
    'tabs that YAML allows',
    'version:\t1\t# mine\n',
    'version: 1 # mine\nlabs:\n  04-crash-server:\n    ran: TIME\n',
  ],
  [
    'a long line',
    `version: 1\nteam: ${'blue '.repeat(60)}or red\n`,
    `version: 1\nteam: ${'blue '.repeat(60)}or red\nlabs:\n  04-crash-server:\n    ran: TIME\n`,
  ],
  [
    'a lab that is the same as another one',
    'version: 1\nlabs:\n  01-hello: &all\n    skipped: true # mine\n  04-crash-server: *all\n',
    'version: 1\nlabs:\n  01-hello: &all\n    skipped: true # mine\n  04-crash-server:\n    skipped: true # mine\n    ran: TIME\n',
  ],
  [
    'a lab to which another one is the same',
    'version: 1\nlabs:\n  04-crash-server: &all { skipped: true }\n  01-hello: *all\n',
    'version: 1\nlabs:\n  04-crash-server: &all { skipped: true, ran: TIME }\n  01-hello: { skipped: true }\n',
  ],
  [
    '900 KB of comments',
    `version: 1\n${'# mine\n'.repeat(130_000)}team: blue\n`,
    `version: 1\n${'# mine\n'.repeat(130_000)}team: blue\nlabs:\n  04-crash-server:\n    ran: TIME\n`,
  ],
] as const) {
  test(`a write into a file with ${what} loses nothing`, async (t) => {
    const file = stateFile(t, text);
    await (await Progress.read(file)).set(LAB, ['ran'], TIME);
    t.true(textOf(file) === after.replace('TIME', TIME), textOf(file).slice(0, 1000));
    t.is((await Progress.read(file)).lab(LAB).ran, TIME);
  });
}

test('a file with aliases of themselves is refused when it is written, and left as it is', async (t) => {
  const text = 'version: 1\nteam: &team [ blue, *team ]\n';
  const file = stateFile(t, text);
  const progress = await Progress.read(file);
  await t.throwsAsync(progress.choose('python'), {
    instanceOf: UserError,
    message: `${file} cannot be used: *team is in itself. ${MEND}`,
  });
  t.is(textOf(file), text);
  t.deepEqual(readdirSync(dirname(file)), ['progress.yaml']);
});

test('a state that could not be read again is not written', async (t) => {
  const file = stateFile(t, 'version: 1\n');
  const progress = await Progress.read(file);
  await t.throwsAsync(progress.set(LAB, ['ran'], 'yesterday'), {
    message: /^a state that cannot be read again: /,
  });
  t.is(textOf(file), 'version: 1\n');
});

test('the file keeps its mode, and a link to it stays one', async (t) => {
  const file = stateFile(t);
  const target = join(folderWith(t, { 'mine.yaml': 'version: 1\n' }), 'mine.yaml');
  chmodSync(target, 0o600);
  symlinkSync(target, file);
  await (await Progress.read(file)).choose('python');
  t.true(lstatSync(file).isSymbolicLink());
  t.is(textOf(target), 'version: 1\nlanguage: python\n');
  t.is(statSync(target).mode & 0o777, 0o600);
  t.deepEqual(readdirSync(dirname(target)), ['mine.yaml']);
});

test('what others write is seen', async (t) => {
  const file = stateFile(t);
  const [one, other] = [await Progress.read(file), await Progress.read(file)];
  await other.choose('python');
  await other.set(LAB, ['solved', 'retry'], TIME);
  t.is(one.language, 'python');
  t.deepEqual(one.lab(LAB), { solved: { retry: TIME } });
  writeFileSync(file, textOf(file).replace('python', 'java'));
  t.is(one.language, 'java');
  rmSync(file);
  t.is(one.language, undefined);
  t.deepEqual(one.lab(LAB), {});
});

test('while a person has half written the file, what was in it before holds, and nothing is written', async (t) => {
  const file = stateFile(t, 'version: 1\nlanguage: python\n');
  const progress = await Progress.read(file);
  for (const half of ['', 'version: 1\nlanguage: [', 'version: 1\nlanguage: 7\n']) {
    writeFileSync(file, half);
    t.is(progress.language, 'python');
    await t.throwsAsync(progress.choose('java'), {
      instanceOf: UserError,
      message: /cannot be used/,
    });
    t.is(textOf(file), half);
  }
  writeFileSync(file, 'version: 1\nlanguage: ruby\n');
  t.is(progress.language, 'ruby');
  await progress.set(LAB, ['skipped'], true);
  t.is(progress.language, 'ruby');
  t.deepEqual(readdirSync(dirname(file)), ['progress.yaml']);
});

test('what changes nothing writes nothing', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  await progress.forget(LAB);
  await progress.forget();
  t.deepEqual(readdirSync(dirname(file)), []);
  await progress.choose('python');
  const { ino } = statSync(file);
  await progress.choose('python');
  await progress.forget(LAB);
  t.is(statSync(file).ino, ino);
});

test('a file that cannot be written is told, with what is in the way', async (t) => {
  const file = join(folderWith(t), 'taken', 'progress.yaml');
  const progress = await Progress.read(file);
  // The parent is a file: that stops root, too.
  writeFileSync(dirname(file), '');
  const error = {
    instanceOf: UserError,
    message: `${dirname(file)} is a file, and a folder of the workshop belongs there. Give it another name, or name another folder for the workshop: RESET_LABS_WORKSHOP=FOLDER`,
  };
  await t.throwsAsync(progress.choose('python'), error);
  await t.throwsAsync(Progress.read(file), error);
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
