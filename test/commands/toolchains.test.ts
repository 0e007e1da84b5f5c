import { existsSync } from 'node:fs';
import test from 'ava';
import { inProject } from '../../runners/paths.ts';
import { cli } from './_run.ts';

for (const [words, status, err] of [
  [
    ['node@9'],
    2,
    'There is no version "9" of node (npm run toolchains). There are: 20, 22, 24, 26. Or write: node@all\n',
  ],
  [['node'], 2, 'Name a version of node (npm run toolchains). All of them: node@all\n'],
  [['python@3.13'], 4, 'npm does not have python@3.13: use --engine docker\n'],
] as const) {
  test(`npm run toolchains -- ${words.join(' ')}: ${err.trim()}`, async (t) => {
    const env = { PATH: '/nowhere' };
    t.like(await cli(['toolchains', ...words], { env }), { ...{ status, out: '', err } });
  });
}

test('what is here is told with its version and its place, and nothing is fetched', async (t) => {
  const folder = inProject(`.cache/toolchains/node-22-${process.arch}`);
  const isOnPath = process.versions.node.startsWith('22.');
  if (!isOnPath && !existsSync(folder)) t.fail('fetch it first: npm run toolchains -- node@22');
  const { status, out, err } = await cli(['toolchains', 'node@22']);
  t.is(status, 0);
  t.is(err, '');
  const place = isOnPath ? 'on the PATH' : `${folder}/bin`;
  t.regex(out, new RegExp(`^node@22 {2}22\\.\\d+\\.\\d+ {2}${place}\\n$`));
});
