import { cpSync, existsSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { NO_DOCKER } from '../doctor/_machine.ts';
import { cli } from './_run.ts';

/** A copy of the project, since cleaning this one would disturb the other tests. */
function copy(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = folderWith(t, { 'notes.txt': 'mine', ...files });
  cpSync(inProject('runners'), join(folder, 'runners'), { recursive: true });
  cpSync(inProject('package.json'), join(folder, 'package.json'));
  symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
  return folder;
}

const env = { DOCKER_HOST: NO_DOCKER };

test('takes away results and caches, and nothing else', async (t) => {
  const cwd = copy(t, {
    'results/one/run.json': '{}',
    'results/dead.1999999999.partial/x': '',
    '.cache/programs/java-1/Ask.class': '',
  });
  t.like(await cli(['clean'], { cwd, env }), {
    ...{ status: 0, out: 'removed: results/, .cache/\n', err: '' },
  });
  t.deepEqual(readdirSync(cwd).sort(), ['node_modules', 'notes.txt', 'package.json', 'runners']);
  t.like(await cli(['clean'], { cwd, env }), {
    ...{ status: 0, out: 'removed: nothing, all is clean\n', err: '' },
  });
});

test('a run that is going on is left alone', async (t) => {
  const partial = `mine.${process.pid}.partial`;
  const cwd = copy(t, { [`results/${partial}/x`]: '', '.cache/x': '' });
  t.like(await cli(['clean'], { cwd, env }), {
    status: 2,
    out: '',
    err: `A run is going on (results/${partial}, process ${process.pid}). Wait for its end, then: npm run clean\n`,
  });
  t.true(existsSync(join(cwd, 'results', partial, 'x')));
  t.true(existsSync(join(cwd, '.cache/x')));
});
