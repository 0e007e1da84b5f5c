import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { inUse, isKept, takeAwayUnused } from '../runners/kept.ts';
import { folderWith } from './_folder.ts';

const HOUR_S = 3600;

/** Folders with a file in them, last used so many hours ago. */
function cache(folder: string, hours: Readonly<Record<string, number>>): string {
  for (const [name, ago] of Object.entries(hours)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'Ask.class'), '');
    const then = Date.now() / 1000 - ago * HOUR_S;
    utimesSync(join(folder, name), then, then);
  }
  return folder;
}

test('of too many those go that were not used for an hour, the longest unused first', async (t) => {
  const folder = cache(folderWith(t), { a: 9, b: 2, c: 0, d: 0.5, e: 3 });
  await takeAwayUnused(folder, 3);
  t.deepEqual(readdirSync(folder).sort(), ['b', 'c', 'd']);
});

test('what may be in use stays, however many there are', async (t) => {
  const folder = cache(folderWith(t), { a: 0, b: 0.1, c: 0.9, d: 2 });
  await takeAwayUnused(folder, 0);
  t.deepEqual(readdirSync(folder).sort(), ['a', 'b', 'c']);
});

test('what is used again counts as new', async (t) => {
  const folder = cache(folderWith(t), { a: 5, b: 4, c: 3 });
  await inUse(join(folder, 'a'));
  await takeAwayUnused(folder, 1);
  t.deepEqual(readdirSync(folder), ['a']);
});

test('what is asked for is in use, and is not taken away by who makes room meanwhile', async (t) => {
  const hours = Object.fromEntries(
    Array.from({ length: 40 }, (_, place) => [`a${place}`, 2 + place]),
  );
  const folder = cache(folderWith(t), hours);
  const asked = ['new', 'a39', 'newer', 'a38', 'newest', 'a0'];
  const answers = await Promise.all(asked.map((name) => isKept(join(folder, name))));
  // The first who makes room leaves 30; of the others some were among those that went.
  t.deepEqual(answers, [false, false, false, false, false, true]);
  t.is(readdirSync(folder).length, 30);
  const again = await Promise.all(['a5', 'new', 'a29'].map((name) => isKept(join(folder, name))));
  t.deepEqual(again, [true, false, true]);
});

test('as many as are kept, or no cache at all, is no reason to do anything', async (t) => {
  const folder = cache(folderWith(t), { a: 100, b: 200 });
  await takeAwayUnused(folder, 2);
  t.deepEqual(readdirSync(folder).sort(), ['a', 'b']);
  await t.notThrowsAsync(takeAwayUnused(join(folder, 'none')));
  await t.notThrowsAsync(inUse(join(folder, 'none')));
  t.false(existsSync(join(folder, 'none')));
});
