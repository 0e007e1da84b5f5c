import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { RunFrame } from '../../runners/results/recover.ts';
import type { RunResult } from '../../runners/results/result.ts';
import { Store } from '../../runners/results/store.ts';
import { UserError } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';
import { cellOf } from '../_observation.ts';
import { FAIL, PASS, runOf } from '../reports/_results.ts';

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
  t.is(path, 'cells/local/04-crash-server-python-python-1/capture.pcap');
  t.is(readFileSync(join(store.folder, path ?? ''), 'utf8'), 'packets');
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

test('what was obtained stays when a run ends otherwise, for the next one to find', async (t) => {
  const results = folderWith(t);
  const store = await Store.open(results, 'mine');
  await store.keep(PASS);
  await store.discard();
  t.deepEqual(readdirSync(join(results, `mine.${process.pid}.partial`)), ['cells.jsonl']);
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

/** A run that was killed after some cells: all that it has written, under the name of a dead process. */
async function killed(results: string, keep: (store: Store) => Promise<void>): Promise<string> {
  const store = await Store.open(results, 'killed');
  const { verdict, durationMs, interrupted, cells, neverMet, differences, ...rest } = runOf([]);
  const frame: RunFrame = { ...rest, id: 'killed', planned: 3 };
  await store.begin(frame);
  await keep(store);
  const dead = join(results, `killed.${deadPid()}.partial`);
  renameSync(join(results, `killed.${process.pid}.partial`), dead);
  return dead;
}

test('what a killed run had obtained is kept by the next: no more, no less', async (t) => {
  const results = folderWith(t);
  await killed(results, async (store) => {
    await store.keep(PASS);
    await store.keepPcap(cellOf(), Buffer.from('packets'));
    await store.keep(FAIL);
  });
  const store = await Store.open(results, 'next');
  t.deepEqual(store.recovered, [{ folder: join(results, 'killed'), cells: 2, of: 3 }]);
  t.deepEqual(readdirSync(join(results, 'killed')).sort(), ['cells', 'run.json']);
  const text = readFileSync(join(results, 'killed', 'run.json'), 'utf8');
  const result = JSON.parse(text) as RunResult;
  t.deepEqual(result.cells, JSON.parse(JSON.stringify([PASS, FAIL])));
  t.is(result.planned, 3);
  t.true(result.interrupted);
  t.is(result.verdict, 'fail');
  await store.discard();
});

test('a killed run that had obtained a part of its cells, all good, is unknown, not passed', async (t) => {
  const results = folderWith(t);
  await killed(results, (store) => store.keep(PASS));
  await (await Store.open(results, 'next')).discard();
  const result = JSON.parse(readFileSync(join(results, 'killed', 'run.json'), 'utf8')) as RunResult;
  t.is(result.verdict, 'unknown');
});

test('a line that was cut by the kill is no cell', async (t) => {
  const results = folderWith(t);
  const folder = await killed(results, (store) => store.keep(PASS));
  appendFileSync(join(folder, 'cells.jsonl'), JSON.stringify(FAIL).slice(0, 200));
  const store = await Store.open(results, 'next');
  t.is(store.recovered[0]?.cells, 1);
  await store.discard();
});

test('a run that was killed between its result and its name is whole', async (t) => {
  const results = folderWith(t);
  const folder = await killed(results, (store) => store.keep(PASS));
  appendFileSync(
    join(folder, 'run.json'),
    JSON.stringify({ ...RESULT, planned: 1, cells: [PASS] }),
  );
  const store = await Store.open(results, 'next');
  t.deepEqual(store.recovered, [{ folder: join(results, 'killed'), cells: 1, of: 1 }]);
  t.deepEqual(readdirSync(join(results, 'killed')), ['run.json']);
  await store.discard();
});

test('of runs that start at once one brings a killed run into order', async (t) => {
  const results = folderWith(t);
  await killed(results, (store) => store.keep(PASS));
  const stores = await Promise.all(['a', 'b', 'c'].map((name) => Store.open(results, name)));
  t.is(stores.flatMap(({ recovered }) => recovered).length, 1);
  for (const store of stores) await store.discard();
  t.deepEqual(readdirSync(results), ['killed']);
});

test('a killed run that had obtained nothing leaves nothing', async (t) => {
  const results = folderWith(t);
  await killed(results, async () => {});
  const store = await Store.open(results, 'next');
  t.deepEqual(store.recovered, []);
  await store.discard();
  t.deepEqual(readdirSync(results), []);
});

test('what cannot be kept is told, and what was kept before stays for the next run', async (t) => {
  const results = folderWith(t);
  const folder = await killed(results, async (store) => {
    await store.keep(PASS);
    const making = join(results, `killed.${process.pid}.partial`);
    // As a full disk: nothing more can be written there.
    renameSync(making, `${making}.away`);
    await store.keep(FAIL);
    t.regex(store.problem ?? '', /^ENOENT/);
    t.is(await store.keepPcap(cellOf(), Buffer.from('packets')), null);
    t.false(await store.finish(RESULT));
    await store.discard();
    renameSync(`${making}.away`, making);
  });
  t.deepEqual(readdirSync(folder).sort(), ['cells.jsonl', 'frame.json']);
  const store = await Store.open(results, 'next');
  t.is(store.recovered[0]?.cells, 1);
  await store.discard();
  rmSync(results, { recursive: true });
});
