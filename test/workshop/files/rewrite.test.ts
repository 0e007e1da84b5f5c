// The file of a participant's state: written by several at once, by a person meanwhile, and by who is killed or stopped.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { until } from '../../../runners/deadline.ts';
import { UserError } from '../../../runners/user-error.ts';
import { rewrite } from '../../../runners/workshop/files/rewrite.ts';
import { sweep } from '../../../runners/workshop/files/sweep.ts';
import { Progress } from '../../../runners/workshop/own/progress.ts';
import { folderWith } from '../../_folder.ts';
import { STRIKE, start, strike, struck } from '../_struck.ts';

const WRITER = 'test/workshop/_writer.ts';
const BEGUN = 'version: 1\nlanguage: python\n';

function stateFile(t: ExecutionContext, text?: string): string {
  return join(folderWith(t, text === undefined ? {} : { 'progress.yaml': text }), 'progress.yaml');
}

/** The text; undefined where there is no file. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const namesBeside = (file: string) => readdirSync(dirname(file)).sort();

test.serial('of many processes that change it at the same time, no change is lost', async (t) => {
  const file = stateFile(t, BEGUN);
  const CHANGES = 15;
  const labs = ['a', 'b', 'c', 'd', 'e', 'f'];
  const writers = labs.map((lab) => start(t, [WRITER, file, lab, String(CHANGES)]));
  // Each has read the file before the first changes it.
  for (const { said } of writers) {
    await until('the ready writer', async () => said.out === 'ready\n' || undefined);
  }
  for (const { child } of writers) child.stdin.end('go\n');
  for (const { ended } of writers) t.like(await ended, { by: 0, err: '' });
  const progress = await Progress.read(file);
  t.is(progress.language, 'python');
  const hints = Object.fromEntries(
    Array.from({ length: CHANGES }, (_, change) => [`exercise-${change}`, change]),
  );
  for (const lab of labs) t.deepEqual(progress.lab(lab), { hints });
  t.deepEqual(namesBeside(file), ['progress.yaml']);
});

test('changes at once within one process are all kept', async (t) => {
  const file = stateFile(t);
  const progress = await Progress.read(file);
  const labs = Array.from({ length: 20 }, (_, number) => `lab-${number}`);
  await Promise.all(labs.map((lab) => progress.set(lab, ['skipped'], true)));
  for (const lab of labs) t.deepEqual(progress.lab(lab), { skipped: true });
  t.deepEqual(namesBeside(file), ['progress.yaml']);
});

test('what a person saves while it is written is kept, and the change is made to it', async (t) => {
  const file = stateFile(t, 'ours\n');
  let asked = 0;
  await rewrite(
    file,
    () => textOf(file),
    (text) => {
      if (++asked < 3) writeFileSync(file, `${text}theirs ${asked}\n`);
      return `${text}change\n`;
    },
  );
  t.is(textOf(file), 'ours\ntheirs 1\ntheirs 2\nchange\n');
  t.deepEqual(namesBeside(file), ['progress.yaml']);
});

test('the first write does not take the place of a file that has come meanwhile', async (t) => {
  const file = stateFile(t);
  let asked = 0;
  await rewrite(
    file,
    () => textOf(file),
    (text) => {
      if (++asked === 1) writeFileSync(file, 'theirs\n');
      return `${text ?? ''}change\n`;
    },
  );
  t.is(textOf(file), 'theirs\nchange\n');
});

test('a file that is changed without end is left alone in the end', async (t) => {
  const file = stateFile(t, '');
  let asked = 0;
  const writing = rewrite(
    file,
    () => textOf(file),
    () => {
      writeFileSync(file, `theirs ${++asked}\n`);
      return 'change\n';
    },
  );
  await t.throwsAsync(writing, {
    instanceOf: UserError,
    message: `${file} cannot be written: something changes it again and again. End that, then run the same command again.`,
  });
  t.is(textOf(file), `theirs ${asked}\n`);
  t.deepEqual(namesBeside(file), ['progress.yaml']);
});

test.serial('killed at any moment it is whole, and the next start sweeps', async (t) => {
  t.timeout(240_000);
  const states: string[] = [];
  for (let moment = 1; ; moment++) {
    const file = stateFile(t);
    // The first change makes the file, the second one changes it.
    const how = { moment, folder: dirname(file), input: 'go\n' };
    const { by, err } = await struck(t, [WRITER, file, 'a', '2'], how);
    const hints = (await Progress.read(file)).lab('a').hints ?? {};
    states.push(Object.keys(hints).join());
    await sweep(file);
    t.deepEqual(
      namesBeside(file),
      textOf(file) === undefined ? [] : ['progress.yaml'],
      `${moment}`,
    );
    // Where the next start has not swept: nobody waits for who is dead.
    if (by === 0) break;
    t.is(by, 'SIGKILL', err);
  }
  // Each moment is before or after a change, and the state never goes back.
  t.deepEqual([...new Set(states)], ['', 'exercise-0', 'exercise-0,exercise-1']);
  t.true(states.length > 20, `${states.length} moments`);
});

/** The moment before the draft becomes the file: it is whole, and its owner has looked for the last time. */
const BEFORE_RENAME = 10;

/** A process that is held while it has the lock, a moment before its change is there. */
async function heldWriter(t: ExecutionContext, file: string) {
  const held = join(folderWith(t), 'held');
  const how = { signal: 'HOLD' as const, moment: BEFORE_RENAME, folder: dirname(file), held };
  const { child, ended } = start(t, [WRITER, file, 'late', '1'], strike(how), [STRIKE]);
  child.stdin.end('go\n');
  await until('the writer that is held', async () => existsSync(held) || undefined);
  const [draft = ''] = readdirSync(`${file}.lock`);
  t.regex(readFileSync(join(`${file}.lock`, draft), 'utf8'), /late:\n {4}hints:/);
  return { ended, pid: child.pid as number, goOn: () => rmSync(held) };
}

test.serial('the lock of one that was killed is taken over at once', async (t) => {
  const file = stateFile(t, BEGUN);
  const { ended, pid } = await heldWriter(t, file);
  process.kill(pid, 'SIGKILL');
  await ended;
  t.deepEqual(namesBeside(file), ['progress.yaml', 'progress.yaml.lock']);
  await (await Progress.read(file)).choose('java');
  t.is(textOf(file), 'version: 1\nlanguage: java\n');
  t.deepEqual(namesBeside(file), ['progress.yaml']);
});

test.serial(
  'who is stopped holds nobody up for ever, and loses no change of another',
  async (t) => {
    const file = stateFile(t, BEGUN);
    const { ended, goOn } = await heldWriter(t, file);
    const other = start(t, [WRITER, file, 'soon', '1'], { RESET_LABS_PATIENCE_MS: '300' });
    other.child.stdin.end('go\n');
    t.like(await other.ended, { by: 0, err: '' });
    t.is((await Progress.read(file)).lab('late').hints, undefined);
    goOn();
    t.like(await ended, { by: 0, err: '' });
    const progress = await Progress.read(file);
    t.deepEqual(
      ['soon', 'late'].map((lab) => progress.lab(lab)),
      [{ hints: { 'exercise-0': 0 } }, { hints: { 'exercise-0': 0 } }],
    );
    t.deepEqual(namesBeside(file), ['progress.yaml']);
  },
);

test.serial('what a living process is making is not swept', async (t) => {
  const file = stateFile(t, BEGUN);
  const { ended, goOn } = await heldWriter(t, file);
  const [draft] = readdirSync(`${file}.lock`);
  await sweep(file);
  t.deepEqual(readdirSync(`${file}.lock`), [draft]);
  goOn();
  t.like(await ended, { by: 0, err: '' });
  t.is((await Progress.read(file)).lab('late').hints?.['exercise-0'], 0);
});

test("a participant's files are not swept, whatever they are named", async (t) => {
  const names = [
    'progress.yaml.new',
    'progress.yaml.99999999.new',
    'progress.yaml.lock.new',
    'mine.yaml',
  ];
  const own = [
    'ask.py.new',
    'ask.py.99999999.new',
    'ask.py.old',
    '.ask.py.swp',
    'ask.py.mine-1-2-3.new',
  ];
  const all = [
    ...names,
    ...own.map((name) => `04-crash-server/${name}`),
    'progress.yaml.lock/mine',
  ];
  const folder = folderWith(t, Object.fromEntries(all.map((path) => [path, path])));
  await sweep(join(folder, 'progress.yaml'));
  for (const path of all) t.is(readFileSync(join(folder, path), 'utf8'), path);
});

test('what another machine was making is swept when it is old', async (t) => {
  const token = '0123456789abcdef-1-1-00000000';
  const all = [`04-crash-server/ask.py.${token}.new`, `progress.yaml.lock/${token}`];
  const folder = folderWith(t, Object.fromEntries(all.map((path) => [path, ''])));
  const file = join(folder, 'progress.yaml');
  await sweep(file);
  t.deepEqual(namesBeside(file), ['04-crash-server', 'progress.yaml.lock']);
  t.is(readdirSync(join(folder, '04-crash-server')).length, 1);
  for (const path of all) utimesSync(join(folder, path), 1, 1);
  await sweep(file);
  t.deepEqual(namesBeside(file), ['04-crash-server']);
  t.deepEqual(readdirSync(join(folder, '04-crash-server')), []);
});

test('what is no lock of ours is told, and left', async (t) => {
  const file = stateFile(t, BEGUN);
  const progress = await Progress.read(file);
  const told = (path: string) => ({
    instanceOf: UserError,
    message: `${path} is in the way: there the workshop marks that it writes. Give it another name.`,
  });
  mkdirSync(`${file}.lock`);
  writeFileSync(join(`${file}.lock`, 'mine'), '');
  await t.throwsAsync(progress.choose('java'), told(join(`${file}.lock`, 'mine')));
  t.deepEqual(namesBeside(file), ['progress.yaml', 'progress.yaml.lock']);

  const other = stateFile(t, BEGUN);
  writeFileSync(`${other}.lock`, 'mine');
  await t.throwsAsync((await Progress.read(other)).choose('java'), told(`${other}.lock`));
  t.deepEqual(namesBeside(other), ['progress.yaml', 'progress.yaml.lock']);
  t.is(textOf(other), BEGUN);
});
