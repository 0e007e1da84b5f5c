import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { inProject } from '../../../runners/paths.ts';
import { UserError } from '../../../runners/user-error.ts';
import { keep } from '../../../runners/workshop/files/keep.ts';
import { sweep } from '../../../runners/workshop/files/sweep.ts';
import { layOut, type OwnFile, ownFile, startAgain } from '../../../runners/workshop/own/desk.ts';
import { folderWith } from '../../_folder.ts';
import { LANGUAGES } from '../../_observation.ts';
import { lessonOf, taskOf } from '../_lessons.ts';
import { struck } from '../_struck.ts';

const { java, node, python } = LANGUAGES;
const LESSON = lessonOf();
const TASK = taskOf();
const STARTER = readFileSync(inProject('labs/programs/python/ask.py'), 'utf8');

const textOf = ({ path }: OwnFile) => readFileSync(path, 'utf8');
const filesBeside = ({ path }: OwnFile) => readdirSync(dirname(path)).sort();

test("a participant's file bears the starter's name, in a folder of its lab", (t) => {
  const workshop = inProject('workshop');
  t.deepEqual(ownFile(LESSON, TASK, python, workshop), {
    path: inProject('workshop/04-crash-server/ask.py'),
    shown: 'workshop/04-crash-server/ask.py',
  });
  t.is(ownFile(LESSON, TASK, java, workshop).shown, 'workshop/04-crash-server/Ask.java');
  const pooled = taskOf('validate', { starter: 'ask-pooled' });
  t.is(
    ownFile(lessonOf('12-idle-timeout'), pooled, node, workshop).shown,
    'workshop/12-idle-timeout/ask-pooled.js',
  );
});

test('outside of the project the whole path is shown', (t) => {
  const folder = folderWith(t);
  const path = join(folder, '04-crash-server', 'ask.py');
  t.deepEqual(ownFile(LESSON, TASK, python, folder), { path, shown: path });
});

test('the starter is laid out once, with nothing beside it', async (t) => {
  const file = ownFile(LESSON, TASK, python, join(folderWith(t), 'workshop'));
  t.true(await layOut(file, TASK, python));
  t.is(textOf(file), STARTER);
  t.false(await layOut(file, TASK, python));
  t.deepEqual(filesBeside(file), ['ask.py']);
});

test('what a participant has written is never written over', async (t) => {
  const folder = folderWith(t, { '04-crash-server/ask.py': 'mine' });
  const file = ownFile(LESSON, TASK, python, folder);
  t.false(await layOut(file, TASK, python));
  t.is(textOf(file), 'mine');
  t.deepEqual(filesBeside(file), ['ask.py']);
});

test('of several that lay out at once one does, and the file is whole', async (t) => {
  const file = ownFile(LESSON, TASK, python, folderWith(t));
  const tries = await Promise.all([1, 2, 3, 4].map(() => layOut(file, TASK, python)));
  t.is(tries.filter((laidOut) => laidOut).length, 1);
  t.is(textOf(file), STARTER);
  t.deepEqual(filesBeside(file), ['ask.py']);
});

test('who starts again has the starter, and each old file under a name that was free', async (t) => {
  const folder = folderWith(t, {
    '04-crash-server/ask.py': 'first',
    '04-crash-server/ask.py.old-2': 'kept by hand',
  });
  const file = ownFile(LESSON, TASK, python, folder);
  t.deepEqual(await startAgain(file, TASK, python), { kept: `${file.path}.old` });
  t.is(textOf(file), STARTER);
  writeFileSync(file.path, 'second');
  t.deepEqual(await startAgain(file, TASK, python), { kept: `${file.path}.old-3` });
  t.is(textOf(file), STARTER);
  for (const [name, text] of [
    ['old', 'first'],
    ['old-2', 'kept by hand'],
    ['old-3', 'second'],
  ] as const) {
    t.is(readFileSync(`${file.path}.${name}`, 'utf8'), text);
  }
  t.deepEqual(filesBeside(file), ['ask.py', 'ask.py.old', 'ask.py.old-2', 'ask.py.old-3']);
});

test('a file that is still the starter stays, and nothing is kept', async (t) => {
  const file = ownFile(LESSON, TASK, python, folderWith(t));
  await layOut(file, TASK, python);
  t.deepEqual(await startAgain(file, TASK, python), { kept: undefined });
  t.is(textOf(file), STARTER);
  t.deepEqual(filesBeside(file), ['ask.py']);
});

test('who starts again without a file has nothing to keep, and none is made', async (t) => {
  const folder = folderWith(t);
  const file = ownFile(LESSON, TASK, python, folder);
  t.deepEqual(await startAgain(file, TASK, python), { kept: undefined });
  t.deepEqual(readdirSync(folder), []);
});

test('also a folder can be kept under another name', async (t) => {
  const folder = folderWith(t, { 'progress.yaml.old/x': 'taken' });
  const path = join(folder, 'progress.yaml');
  mkdirSync(path);
  t.is(await keep(path), `${path}.old-2`);
  t.false(existsSync(path));
  t.deepEqual(readdirSync(folder).sort(), ['progress.yaml.old', 'progress.yaml.old-2']);
});

test('what is not there cannot be kept', async (t) => {
  await t.throwsAsync(keep(join(folderWith(t), 'progress.yaml')), {
    instanceOf: UserError,
    message: /ENOENT/,
  });
});

test.serial('killed at any moment, each file is whole, and the next start lays out', async (t) => {
  t.timeout(240_000);
  const seen = new Set<string>();
  for (let moment = 1; ; moment++) {
    const folder = folderWith(t);
    const file = ownFile(LESSON, TASK, python, folder);
    const how = { moment, folder: dirname(file.path) };
    const { by, out, err } = await struck(t, ['test/workshop/_layer.ts', folder], how);
    await sweep(join(folder, 'progress.yaml'));
    const texts = existsSync(how.folder)
      ? filesBeside(file).map((name) => [name, readFileSync(join(how.folder, name), 'utf8')])
      : [];
    const found = Object.fromEntries(texts) as Record<string, string>;
    const names = Object.entries(found).map(([name, text]) => `${name}: ${text}`);
    for (const text of Object.values(found)) t.true(['mine', STARTER].includes(text), names.join());
    if (out === 'mine') t.true(Object.values(found).includes('mine'), `moment ${moment}`);
    seen.add(names.join().replaceAll(STARTER, 'starter'));
    await layOut(file, TASK, python);
    t.true(['mine', STARTER].includes(textOf(file)));
    t.true(filesBeside(file).every((name) => ['ask.py', 'ask.py.old'].includes(name)));
    if (by === 0) break;
    t.is(by, 'SIGKILL', err);
  }
  t.deepEqual(
    [...seen],
    [
      '',
      'ask.py: starter',
      'ask.py: mine',
      'ask.py: mine,ask.py.old: mine',
      'ask.py.old: mine',
      'ask.py: starter,ask.py.old: mine',
    ],
  );
});
