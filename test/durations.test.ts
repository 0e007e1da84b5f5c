import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadLabs } from '../runners/catalog/load.ts';
import { expectedMs, loadDurations, storyKey } from '../runners/durations.ts';
import { UserError } from '../runners/user-error.ts';
import { folderWith } from './_folder.ts';
import { CRASH, cellOf } from './_observation.ts';

test('a story has a key of its own', (t) => {
  t.is(storyKey(CRASH), '04 crash-server');
  t.is(storyKey({ ...CRASH, variant: 'a', cure: 'b' }), '04 crash-server a b');
});

test('a cell takes what was measured in its engine, and a second where nothing was', (t) => {
  const durations = { '04 crash-server': { docker: 300 } };
  t.is(expectedMs(durations, cellOf({}, { engine: 'docker' })), 300);
  t.is(expectedMs(durations, cellOf({}, { engine: 'local' })), 1000);
  t.is(expectedMs({}, cellOf()), 1000);
});

test('the measured durations are of stories that there are, in both engines', async (t) => {
  const stories = (await loadLabs(['all'])).map(storyKey);
  const durations = await loadDurations();
  t.deepEqual(Object.keys(durations).sort(), stories.sort());
  for (const story of stories)
    t.deepEqual(Object.keys(durations[story] ?? {}).sort(), ['docker', 'local']);
});

for (const [what, text] of [
  ['no JSON', '{'],
  ['another engine', '{ "04 crash-server": { "podman": 1 } }'],
  ['a duration that is none', '{ "04 crash-server": { "local": -1 } }'],
] as const) {
  test(`a file that cannot be used is told with what mends it: ${what}`, async (t) => {
    const file = join(folderWith(t), 'durations.json');
    writeFileSync(file, text);
    await t.throwsAsync(loadDurations(file), {
      instanceOf: UserError,
      message:
        /^labs\/durations\.json cannot be used: .*Measure it again: npm run bench -- --save$/,
    });
  });
}
