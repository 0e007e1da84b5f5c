import { chmodSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readable } from '../../../runners/engines/local/readable.ts';
import { inProject } from '../../../runners/paths.ts';
import { LANGUAGES } from '../../_observation.ts';

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('a copy for other users is made once, is in use then, and is open to them', async (t) => {
  // A closed folder of the project's own: those elsewhere are the view's concern.
  const folder = inProject(`.closed-sources-${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'ask.py'), `# ${process.pid}\n`);
  const language = { ...LANGUAGES.python, sources: ['ask.py'] };

  const copy = await readable(language, folder);
  t.teardown(() => rmSync(copy, { recursive: true }));
  const { ino } = statSync(join(copy, 'ask.py'));
  t.is(statSync(join(copy, 'ask.py')).mode & 0o004, 0o004);

  utimesSync(copy, 1, 1);
  chmodSync(copy, 0o700);
  t.is(await readable(language, folder), copy);
  t.is(statSync(join(copy, 'ask.py')).ino, ino);
  t.true(statSync(copy).mtimeMs > 1000);
  t.is(statSync(copy).mode & 0o005, 0o005);
});
