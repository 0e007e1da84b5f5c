import { appendFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { until } from '../../../runners/deadline.ts';
import { saved } from '../../../runners/workshop/own/saved.ts';
import { folderWith } from '../../_folder.ts';

function fileOf(t: ExecutionContext): string {
  return join(folderWith(t, { 'ask.py': 'old' }), 'ask.py');
}

/** Watches a file until the test ends; what is told of it until a deadline. */
function watched(t: ExecutionContext, path: string) {
  const watching = new AbortController();
  t.teardown(() => watching.abort());
  const change = saved(path, watching.signal);
  return {
    change,
    stop: () => watching.abort(),
    async within(ms: number) {
      const waiting = new AbortController();
      const { signal } = waiting;
      const deadline = after(ms, 'nothing', { signal }).catch(() => 'nothing');
      const told = await Promise.race([change, deadline]);
      waiting.abort();
      return told;
    },
  };
}

/** It is looked at a few times in a second. */
const SOON_MS = 10_000;
const LATER_MS = 800;

test('a write in place is noticed', async (t) => {
  const path = fileOf(t);
  const watch = watched(t, path);
  await after(300);
  writeFileSync(path, 'new');
  t.is(await watch.within(SOON_MS), 'saved');
});

test('a write in the moment of the call is noticed', async (t) => {
  const path = fileOf(t);
  const watch = watched(t, path);
  appendFileSync(path, ' and new');
  t.is(await watch.within(SOON_MS), 'saved');
});

test('what was written before the call is not', async (t) => {
  const path = fileOf(t);
  writeFileSync(path, 'older');
  const watch = watched(t, path);
  t.is(await watch.within(LATER_MS), 'nothing');
});

test('a replacement by another file is noticed', async (t) => {
  const path = fileOf(t);
  const watch = watched(t, path);
  writeFileSync(`${path}~`, 'newer');
  renameSync(`${path}~`, path);
  t.is(await watch.within(SOON_MS), 'saved');
});

test('a replacement that is as long and as old is noticed', async (t) => {
  const path = fileOf(t);
  const time = new Date('2026-11-22T01:12:03Z');
  utimesSync(path, time, time);
  const watch = watched(t, path);
  writeFileSync(`${path}~`, 'new');
  utimesSync(`${path}~`, time, time);
  renameSync(`${path}~`, path);
  t.is(await watch.within(SOON_MS), 'saved');
});

test('while the file is still being written nothing is saved; when it has come to rest it is', async (t) => {
  const path = fileOf(t);
  const watch = watched(t, path);
  let [told, writes] = [false, 0];
  watch.change.then(() => {
    told = true;
  });
  const writing = setInterval(() => appendFileSync(path, `${writes++} `), 20);
  t.teardown(() => clearInterval(writing));
  await until('thirty writes', async () => (writes > 30 ? true : undefined));
  t.false(told);
  clearInterval(writing);
  t.is(await watch.within(SOON_MS), 'saved');
});

test('while the file is gone nothing is saved; when it is there again it is', async (t) => {
  const path = fileOf(t);
  const watch = watched(t, path);
  rmSync(path);
  t.is(await watch.within(LATER_MS), 'nothing');
  writeFileSync(path, 'new');
  t.is(await watch.within(SOON_MS), 'saved');
});

test('a file that is not there yet is waited for', async (t) => {
  const path = join(folderWith(t), 'ask.py');
  const watch = watched(t, path);
  t.is(await watch.within(LATER_MS), 'nothing');
  writeFileSync(path, 'new');
  t.is(await watch.within(SOON_MS), 'saved');
});

test('who no longer wants to know is told nothing', async (t) => {
  const path = fileOf(t);
  const watch = watched(t, path);
  await after(300);
  watch.stop();
  writeFileSync(path, 'newer');
  t.is(await watch.within(LATER_MS), 'nothing');
});

test('of two that watch one file, one may stop, and both may be told', async (t) => {
  const path = fileOf(t);
  const watches = [1, 2, 3].map(() => watched(t, path));
  await after(300);
  watches[0]?.stop();
  writeFileSync(path, 'newer');
  t.is(await watches[1]?.within(SOON_MS), 'saved');
  t.is(await watches[2]?.within(SOON_MS), 'saved');
  t.is(await watches[0]?.within(0), 'nothing');
});

test('a watch that was stopped before it began tells nothing', async (t) => {
  const path = fileOf(t);
  const change = saved(path, AbortSignal.abort());
  writeFileSync(path, 'newer');
  t.is(await Promise.race([change, after(LATER_MS, 'nothing')]), 'nothing');
});
