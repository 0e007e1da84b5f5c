import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { assertNew, layOutFiles, writeNew } from '../../runners/snapshot/place.ts';
import { newToken, unfinished } from '../../runners/workshop/files/token.ts';
import { folderWith } from '../_folder.ts';

const CONTENT = Buffer.from('new');

test('a file is written, and nothing beside it', async (t) => {
  const folder = folderWith(t);
  await writeNew(join(folder, 'x'), CONTENT);
  t.deepEqual(readdirSync(folder), ['x']);
  t.is(readFileSync(join(folder, 'x'), 'utf8'), 'new');
});

test('a file that is there is left as it is', async (t) => {
  const folder = folderWith(t, { x: 'old' });
  const file = join(folder, 'x');
  const message = `${file} is there already, and is left as it is. Name another: --output FILE`;
  await t.throwsAsync(assertNew(file), { name: 'UserError', message });
  await t.throwsAsync(writeNew(file, CONTENT), { name: 'UserError', message });
  t.deepEqual(readdirSync(folder), ['x']);
  t.is(readFileSync(file, 'utf8'), 'old');
});

test('an interruption while it is written leaves no half of it', async (t) => {
  const folder = folderWith(t);
  const interruption = new AbortController();
  const writing = writeNew(join(folder, 'x'), Buffer.alloc(2e8), interruption.signal);
  const deadline = Date.now() + 10_000;
  while (readdirSync(folder).length === 0) {
    if (Date.now() > deadline) throw new Error('nothing was begun within 10 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.false(existsSync(join(folder, 'x')));
  interruption.abort();
  await t.throwsAsync(writing, { name: 'AbortError' });
  t.deepEqual(readdirSync(folder), []);
});

test('what a killed process has left of a file goes with the next one', async (t) => {
  const [machine = ''] = (await newToken()).split('-');
  const left = unfinished('y', `${machine}-${process.pid}-1-00000000`);
  const folder = folderWith(t, { [left]: 'half', 'z.new': 'mine' });
  await writeNew(join(folder, 'x'), CONTENT);
  t.deepEqual(readdirSync(folder).sort(), ['x', 'z.new']);
});

test('a folder that is not there is told', async (t) => {
  const file = join(folderWith(t), 'none', 'x');
  await t.throwsAsync(writeNew(file, CONTENT), {
    name: 'UserError',
    message: /none\/x cannot be written: ENOENT.* Name another: --output FILE$/,
  });
});

const FILES = new Map([
  ['run.json', Buffer.from('{}')],
  ['workshop/04-crash-server/ask.py', CONTENT],
]);

test('files are laid out in a folder of their own', async (t) => {
  const results = join(folderWith(t), 'results');
  t.is(await layOutFiles(results, 'mine', FILES), join(results, 'mine'));
  t.deepEqual(readdirSync(results), ['mine']);
  for (const [path, content] of FILES) {
    t.deepEqual(readFileSync(join(results, 'mine', path)), content);
  }
  // A second time, nothing is to be done.
  t.is(await layOutFiles(results, 'mine', FILES), join(results, 'mine'));
});

const OTHERS: Readonly<Record<string, readonly [files: Record<string, string>, told: string]>> = {
  'a file that differs': [
    { 'run.json': '1', 'workshop/04-crash-server/ask.py': 'new' },
    'run.json',
  ],
  'a file too many': [
    { 'run.json': '{}', 'workshop/04-crash-server/ask.py': 'new', more: '' },
    'more',
  ],
  'a file too few': [{ 'run.json': '{}' }, 'workshop/04-crash-server/ask.py'],
};
for (const [what, [files, told]] of Object.entries(OTHERS)) {
  test(`a run of the same name is left as it is: ${what}`, async (t) => {
    const there = Object.entries(files).map(([path, text]) => [`mine/${path}`, text] as const);
    const results = folderWith(t, Object.fromEntries(there));
    const mine = join(results, 'mine');
    await t.throwsAsync(layOutFiles(results, 'mine', FILES), {
      name: 'UserError',
      message: `${mine} is there already with other content (${told}), and is left as it is. Take another folder: --results FOLDER`,
    });
    t.deepEqual(readdirSync(results), ['mine']);
    for (const [path, text] of there) t.is(readFileSync(join(results, path), 'utf8'), text);
  });
}
