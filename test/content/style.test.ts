// Which sources the languages' own formatters and linters refuse.
import test from 'ava';
import { USUAL } from '../../runners/catalog/language.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { materialFiles, styleFindings } from '../../runners/content/style.ts';
import { ROOT } from '../../runners/paths.ts';
import { loadLessons } from '../../runners/workshop/lessons/load.ts';
import { folderWith } from '../_folder.ts';
import { LANGUAGES } from '../_observation.ts';

const { java, node, python } = LANGUAGES;

const lessons = await loadLessons(await loadLabs(['all']));
const languages = await loadLanguages(USUAL, '-');

/** A file that the project's own root does not have is named from there, as tools want it. */
async function found(
  t: Parameters<typeof folderWith>[0],
  language: typeof python,
  name: string,
  text: string,
) {
  const file = `${folderWith(t, { [name]: text })}/${name}`;
  const all = await styleFindings(language, [file], ROOT);
  return all.map(({ kind, says }) => `${kind}: ${says.replaceAll(file, 'FILE')}`);
}

test('python: what black and pyflakes want', async (t) => {
  t.deepEqual(await found(t, python, 'good.py', 'print("Hello")\n'), []);
  const [format, ...none] = await found(t, python, 'format.py', "print('Hello')\n");
  t.regex(format ?? '', /^wrong: FILE: black says: would reformat FILE/);
  t.deepEqual(none, []);
  const [unused] = await found(t, python, 'unused.py', 'import os\n');
  t.is(unused, "wrong: FILE: pyflakes says: FILE:1:1: 'os' imported but unused");
});

test('java: what the compiler warns of', async (t) => {
  t.deepEqual(await found(t, java, 'Good.java', 'class Good {}\n'), []);
  const raw = 'class Raw {\n    java.util.List list;\n}\n';
  const [warned] = await found(t, java, 'Raw.java', raw);
  t.regex(warned ?? '', /^wrong: FILE: javac -Xlint says: .*\[rawtypes\]/);
});

test('node: what biome wants', async (t) => {
  t.deepEqual(await styleFindings(node, ['labs/programs/node/ask.js']), []);
  // Outside the project biome knows no rules; a file that is not there it refuses as well.
  const [refused] = await styleFindings(node, ['labs/programs/node/no-such.js']);
  t.is(refused?.kind, 'wrong');
});

test('a tool that is not there makes it unknown, and is missed once', async (t) => {
  const style = [{ name: 'tidy', command: ['no-such-command', '{file}'], install: 'get tidy' }];
  t.deepEqual(await styleFindings({ ...python, style }, ['a.py', 'b.py']), [
    {
      kind: 'unknown',
      says: 'tidy is not installed, so nobody knows whether the sources have its style: get tidy',
    },
  ]);
});

test('a language without such tools is held to nothing', async (t) => {
  const { style: _, ...plain } = python;
  t.deepEqual(await styleFindings(plain, ['no-such.py']), []);
});

function materialFilesOf(name: string): string[] {
  const language = languages.find((one) => one.name === name);
  if (language === undefined) return [];
  const tasks = lessons.flatMap((lesson) => lesson.tasks);
  return tasks.flatMap((task) => materialFiles(task, language));
}

test('the sources of an exercise: of a client programs of the kit, of a server its own', (t) => {
  const files = materialFilesOf('python');
  t.true(files.includes('labs/programs/python/ask.py'));
  t.true(files.includes('labs/programs/python/ask_retry.py'));
  t.true(files.includes('labs/03-abort/exercises/graceful/starter/server.py'));
  t.true(files.includes('labs/03-abort/exercises/graceful/solution/server.py'));
});

test('the usual languages say what holds their sources to a style', (t) => {
  for (const { title, style = [] } of languages) t.true(style.length > 0, title);
});
