import { readdirSync } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { loadLabs } from '../../runners/catalog/load.ts';
import { inProject, ROOT } from '../../runners/paths.ts';

const LABS = readdirSync(inProject('labs')).filter((name) => /^\d{2}-/.test(name));
const LAB_PAGES = LABS.map((name) => `labs/${name}/README.md`);

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'labs/README.md',
  'SECURITY.md',
  'docs/benchmarks.md',
  'docs/chaos.md',
  'docs/devcontainer.md',
  'docs/exercises.md',
  'docs/field-guide.md',
  'docs/liars.md',
  'docs/many-machines.md',
  'docs/mutants.md',
  'docs/programs.md',
  'docs/snapshot.md',
  'docs/strictness.md',
  'docs/teaching.md',
  ...LAB_PAGES,
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
    const text = (await read(page)).replaceAll(/^```[\s\S]*?^```/gm, '');
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
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

test('the table of labs names every lab, its causes and what happens', async (t) => {
  const table = await read('labs/README.md');
  for (const { number, name, causes, headline } of await loadLabs(['all'])) {
    const link = `[${number} ${name}](${number}-${name}/README.md)`;
    t.true(table.includes(`\n| ${link} | ${causes.join(', ')} | ${headline} | `), name);
  }
});

for (const page of [...LAB_PAGES, 'labs/README.md', 'README.md', 'CONTRIBUTING.md']) {
  test(`${page}: each lab, variant and cure that a command names is there`, async (t) => {
    const stories = await loadLabs(['all']);
    const commands = (await read(page)).matchAll(/npm run lab ([a-z0-9][a-z0-9-]*)([^\n`]*)/g);
    for (const [command, name = '', rest = ''] of commands) {
      if (name === 'all') continue;
      const options = rest.replace(/ #.*/, '');
      const own = stories.filter((lab) => lab.name === name || Number(lab.number) === Number(name));
      const cured = options.includes('--cured');
      const told = own.filter(({ cure }) => (cure !== null) === cured);
      t.true(told.length > 0, command);
      const wanted = /--variant (\S+)/.exec(options)?.[1];
      if (wanted === undefined) continue;
      t.true(
        told.some(({ cure, variant }) => (cured ? cure : variant) === wanted),
        command,
      );
    }
    t.pass();
  });
}

for (const page of LAB_PAGES) {
  test(`${page}: predict, run, observe, explain, find, cure`, async (t) => {
    const titles = [...(await read(page)).matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    t.deepEqual(titles, ['Predict', 'Run', 'Observe', 'Explain', 'Find it', 'Cure it']);
  });
}

test('the README has the exit statuses of the code', async (t) => {
  const { EXIT } = await import('../../runners/user-error.ts');
  const table = [...(await read('README.md')).matchAll(/^\| (\d+) \|/gm)].map(([, n]) => Number(n));
  t.deepEqual(table, Object.values(EXIT));
});
