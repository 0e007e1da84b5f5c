import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { loadLabs } from '../../runners/catalog/load.ts';
import { inProject, ROOT } from '../../runners/paths.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'labs/README.md',
  'docs/programs.md',
];

const read = (path: string) => readFile(inProject(path), 'utf8');

test('the list of pages is whole', async (t) => {
  const inDocs = (await readdir(inProject('docs'))).map((name) => `docs/${name}`);
  for (const page of inDocs) t.true(PAGES.includes(page), `${page} is not checked`);
});

test('each package is justified in the README, and no other', async (t) => {
  const { dependencies, devDependencies } = JSON.parse(await read('package.json'));
  const section = /## Libraries\n([\s\S]*?)\n## /.exec(await read('README.md'))?.[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  t.deepEqual(named.sort(), Object.keys({ ...dependencies, ...devDependencies }).sort());
});

for (const page of PAGES) {
  test(`${page}: each command that it names is there`, async (t) => {
    const text = await read(page);
    const { scripts } = JSON.parse(await read('package.json'));
    const targets = [...(await read('Makefile')).matchAll(/^([a-z-]+):/gm)].map(([, name]) => name);
    for (const [, name] of text.matchAll(/npm run ([a-z:-]+)/g)) {
      t.true(Object.hasOwn(scripts, name as string), `npm run ${name}`);
    }
    for (const [, name] of text.matchAll(/`make ([a-z-]+)|^make ([a-z-]+)/gm)) {
      if (name) t.true(targets.includes(name), `make ${name}`);
    }
    t.pass();
  });

  test(`${page}: each link leads somewhere`, async (t) => {
    for (const [, link = ''] of (await read(page)).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      await t.notThrowsAsync(access(join(ROOT, dirname(page), link)), link);
    }
    t.pass();
  });

  test(`${page}: each file that it names is there`, async (t) => {
    for (const [, path = ''] of (await read(page)).matchAll(
      /`((?:runners|test|docker|labs|docs)\/[\w./-]+)`/g,
    )) {
      if (/NAME/.test(path)) continue;
      await t.notThrowsAsync(access(inProject(path)), path);
    }
    t.pass();
  });
}

test('the table of labs says what the labs say', async (t) => {
  const rows = (await loadLabs(['all'])).map(
    ({ number, name, cause, title, why }) =>
      `| [${number} ${name}](${number}-${name}/lab.ts) | ${cause} | ${title} | ${why} |`,
  );
  const table = (await read('labs/README.md')).split('\n').filter((line) => line.startsWith('| ['));
  t.deepEqual(table, rows);
});

test('the README has the exit statuses of the code', async (t) => {
  const { EXIT } = await import('../../runners/user-error.ts');
  const table = [...(await read('README.md')).matchAll(/^\| (\d+) \|/gm)].map(([, n]) => Number(n));
  t.deepEqual(table, Object.values(EXIT));
});
