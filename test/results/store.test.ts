import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { RunResult } from '../../runners/results/result.ts';
import { Store } from '../../runners/results/store.ts';
import { UserError } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';
import { cellOf } from '../_observation.ts';

const RESULT = { schema: 1, id: 'mine', cells: [] } as unknown as RunResult;

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync('true').pid;
}

test('a run bears a name of its own until it is whole', async (t) => {
  const results = folderWith(t);
  const store = await Store.open(results, 'mine');
  t.deepEqual(readdirSync(results), [`mine.${process.pid}.partial`]);
  await store.finish(RESULT);
  t.deepEqual(readdirSync(results).sort(), ['latest', 'mine']);
  t.is(store.folder, join(results, 'mine'));
  t.deepEqual(JSON.parse(readFileSync(join(store.folder, 'run.json'), 'utf8')), RESULT);
});

test('a capture lies beside its run, by a path relative to it', async (t) => {
  const store = await Store.open(folderWith(t), 'mine');
  const path = await store.keepPcap(cellOf(), Buffer.from('packets'));
  await store.finish(RESULT);
  t.is(path, 'cells/04-crash-server-python-python-1/capture.pcap');
  t.is(readFileSync(join(store.folder, path), 'utf8'), 'packets');
});

test('“latest” points to the run that ended last', async (t) => {
  const results = folderWith(t);
  for (const name of ['first', 'second']) {
    await (await Store.open(results, name)).finish(RESULT);
    t.is(readlinkSync(join(results, 'latest')), name);
  }
});

test('a run that is thrown away leaves nothing; a whole one stays', async (t) => {
  const results = folderWith(t);
  const store = await Store.open(results, 'mine');
  await store.keepPcap(cellOf(), Buffer.from('packets'));
  await store.discard();
  t.deepEqual(readdirSync(results), []);
  const whole = await Store.open(results, 'mine');
  await whole.finish(RESULT);
  await whole.discard();
  t.deepEqual(readdirSync(results).sort(), ['latest', 'mine']);
});

test('a name that is taken is refused, and the run that has it is not touched', async (t) => {
  const results = folderWith(t);
  await (await Store.open(results, 'mine')).finish(RESULT);
  await t.throwsAsync(Store.open(results, 'mine'), {
    instanceOf: UserError,
    message: `A run named "mine" is in ${results} already. Choose another --name.`,
  });
  t.deepEqual(readdirSync(results).sort(), ['latest', 'mine']);
  t.deepEqual(readdirSync(join(results, 'mine')), ['run.json']);
});

test('two runs at once have two names', async (t) => {
  const results = folderWith(t);
  const stores = await Promise.all([Store.open(results), Store.open(results)]);
  t.not(stores[0].id, stores[1].id);
  for (const store of stores) await store.finish(RESULT);
  t.is(readdirSync(results).length, 3);
});

test('a run without a name is named by its time, so that names sort by it', async (t) => {
  const store = await Store.open(folderWith(t));
  t.regex(store.id, /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[0-9a-f]{6}$/);
});

test('what a killed run has left is swept; what belongs to a living one is not', async (t) => {
  const results = folderWith(t);
  const dead = deadPid();
  mkdirSync(join(results, `killed.${dead}.partial`, 'cells'), { recursive: true });
  symlinkSync('killed', join(results, `latest.${dead}`));
  mkdirSync(join(results, `living.${process.ppid}.partial`));
  mkdirSync(join(results, `done.${dead}`));
  await (await Store.open(results, 'mine')).finish(RESULT);
  t.deepEqual(
    readdirSync(results).sort(),
    [`done.${dead}`, 'latest', `living.${process.ppid}.partial`, 'mine'].sort(),
  );
});

test('a folder that cannot be written is told with the option that names another', async (t) => {
  const results = join(folderWith(t, { file: '' }), 'file', 'results');
  await t.throwsAsync(Store.open(results), {
    instanceOf: UserError,
    message: `The results folder ${results} cannot be written: ENOTDIR: not a directory, mkdir '${results}'. Name another: --results FOLDER`,
  });
});
