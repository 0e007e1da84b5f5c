import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { NamedLanguage } from '../../../runners/catalog/language.ts';
import { loadLanguages } from '../../../runners/catalog/load.ts';
import { languageRecipe } from '../../../runners/engines/docker/image-recipe.ts';
import { CACHE, inProject } from '../../../runners/paths.ts';
import { overlay } from '../../../runners/workshop/checks/overlay.ts';
import { newToken, unfinished } from '../../../runners/workshop/files/token.ts';

const [python, go, java] = (await Promise.all(
  ['python', 'go', 'java'].map(async (name) => {
    const [language] = await loadLanguages([name], '-');
    if (language === undefined) throw new Error(`there is no ${name}`);
    return language;
  }),
)) as [NamedLanguage, NamedLanguage, NamedLanguage];

/** A text that is in no other copy. */
function own(): string {
  return `# ${randomBytes(8).toString('hex')}\n`;
}

/** The folder of a copy, which stands for that of the project. */
function rootOf({ folder }: NamedLanguage): string {
  return resolve(folder, '../../..');
}

/** A copy, which goes when the test ends. */
async function made(t: ExecutionContext, language: NamedLanguage, source: string, text: string) {
  const copy = await overlay(language, source, text);
  t.teardown(() => rmSync(rootOf(copy), { recursive: true, force: true }));
  return copy;
}

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

for (const [language, source] of [
  [python, 'ask.py'],
  [go, 'ask/main.go'],
  [java, 'Ask.java'],
] as const) {
  test(`${language.title} · a copy has all that its image is made of, with one file replaced`, async (t) => {
    const text = own();
    const copy = await made(t, language, source, text);
    const root = rootOf(copy);
    const { files } = languageRecipe(language);
    t.deepEqual(filesOf(root), [...files].sort());
    const replaced = `labs/programs/${language.name}/${source}`;
    t.is(readFileSync(join(root, replaced), 'utf8'), text);
    for (const file of files.filter((one) => one !== replaced)) {
      t.true(readFileSync(join(root, file)).equals(readFileSync(inProject(file))), file);
    }
    t.true(files.includes(replaced));
  });
}

test('to the engines a copy is a language of its own', async (t) => {
  const copy = await made(t, python, 'ask.py', own());
  t.regex(copy.id, /^python\.yours-[0-9a-f]{12}$/);
  const { id: _, runtime, folder, ...rest } = copy;
  t.is(runtime, copy.id);
  t.is(folder, join(rootOf(copy), 'labs/programs/python'));
  const { id: __, runtime: ___, folder: ____, ...original } = python;
  t.deepEqual(rest, original);
  t.like(languageRecipe(copy), {
    ...{ key: copy.id, root: `${rootOf(copy)}/`, name: 'python' },
    files: languageRecipe(python).files,
  });
});

test('the same text is the same copy, and another text or another file another', async (t) => {
  const text = own();
  const first = await made(t, python, 'ask.py', text);
  t.is((await made(t, python, 'ask.py', text)).folder, first.folder);
  t.not((await made(t, python, 'ask.py', `${text}\n`)).id, first.id);
  t.not((await made(t, python, 'server.py', text)).id, first.id);
  t.is(readFileSync(join(first.folder, 'ask.py'), 'utf8'), text);
});

test('several that make the same copy at once do no harm, and leave one', async (t) => {
  const text = own();
  const copies = await Promise.all([1, 2, 3, 4, 5].map(() => made(t, python, 'ask.py', text)));
  t.is(new Set(copies.map(({ folder }) => folder)).size, 1);
  const [copy = python] = copies;
  t.deepEqual(filesOf(rootOf(copy)), [...languageRecipe(python).files].sort());
  const beside = readdirSync(dirname(rootOf(copy)));
  t.deepEqual(
    beside.filter((name) => name.startsWith(basename(rootOf(copy)))),
    [basename(rootOf(copy))],
  );
});

test("the language's own file is untouched", async (t) => {
  const path = join(python.folder, 'ask.py');
  const before = [readFileSync(path, 'utf8'), statSync(path).mtimeMs];
  await made(t, python, 'ask.py', own());
  t.deepEqual([readFileSync(path, 'utf8'), statSync(path).mtimeMs], before);
});

test('a language without a Dockerfile can be copied, and the copy has none either', async (t) => {
  const folder = inProject('labs/programs/klingon');
  const bare = { ...python, of: 'klingon', folder, sources: ['ask.py'] };
  const text = own();
  const copy = await made(t, bare, 'ask.py', text);
  t.regex(copy.id, /^klingon\.yours-/);
  t.is(readFileSync(join(copy.folder, 'ask.py'), 'utf8'), text);
  t.deepEqual(filesOf(rootOf(copy)), [
    'labs/programs/klingon/ask.py',
    'runners/engines/agent/agent.sh',
  ]);
});

test('what a killed process has left of a copy goes with the next one; what is being made stays', async (t) => {
  const folder = join(CACHE, 'workshop');
  const [machine = ''] = (await newToken()).split('-');
  const left = unfinished(join(folder, 'left'), `${machine}-${process.pid}-1-00000000`);
  const being = unfinished(join(folder, 'being'), await newToken());
  for (const one of [left, being]) mkdirSync(join(one, 'labs'), { recursive: true });
  t.teardown(() => rmSync(being, { recursive: true }));
  await made(t, python, 'ask.py', own());
  t.false(existsSync(left));
  t.true(existsSync(being));
});
