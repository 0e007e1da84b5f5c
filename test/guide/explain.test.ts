import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ERRNOS, type Errno } from '../../runners/catalog/errno.ts';
import { loadGuide } from '../../runners/guide/load.ts';
import { matches } from '../../runners/guide/match.ts';
import { nearest } from '../../runners/guide/nearest.ts';
import { explained, unknownText } from '../../runners/guide/terminal.ts';
import { inProject } from '../../runners/paths.ts';

const FOLDER = inProject('test/fixtures/explain');
const textsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.txt'));
const read = (...path: string[]) => readFileSync(join(FOLDER, ...path), 'utf8');

/** `node-econnreset-fetch.txt`: the language, what has happened, and how it was met. */
const REAL = textsIn(FOLDER);
const NONE = textsIn(join(FOLDER, 'none'));

/** What the words alone do not tell: each of these errnos has them. */
const SEVERAL: Readonly<Record<string, readonly Errno[]>> = {
  // Of each connect() that fails libcurl says the same.
  'c-econnrefused-curl': ['ECONNREFUSED', 'EHOSTUNREACH'],
  // The client of java.net.http loses the words.
  'java-econnrefused-httpclient': ['ECONNREFUSED', 'ETIMEDOUT'],
  // A send says so of each of these, a read of the end of file and of a reset that is not shown.
  'elixir-econnreset-hidden': ERRNOS.filter(
    (errno) => !['ECONNREFUSED', 'TIMEOUT'].includes(errno),
  ),
  'elixir-econnreset-httpc': ['ECONNRESET', 'EOF'],
};

/** Nothing in them tells the language: the words are the system's own. */
const ANYBODYS = [
  'c-econnrefused-err',
  'c-econnreset-curl',
  'c-econnreset-ssh',
  'perl-econnreset-warn',
];

const guide = loadGuide();

const LANGUAGES = 'c elixir go java node perl php python ruby rust'.split(' ');

test('there are texts enough, of each language', (t) => {
  t.true(REAL.length >= 40, `${REAL.length} are real`);
  t.true(NONE.length >= 10, `${NONE.length} are none`);
  for (const name of LANGUAGES) {
    const own = REAL.filter((text) => text.startsWith(`${name}-`));
    t.true(own.length >= 4, `${name} has ${own.length}`);
  }
});

for (const name of REAL) {
  const title = name.replace(/\.txt$/, '');
  const [language = '', happened = ''] = title.split('-');

  test(`${title} is recognised`, async (t) => {
    const { entries } = await guide;
    const found = matches(read(name), entries);
    const errnos = [...new Set(found.map(({ errno }) => errno))];
    t.deepEqual(errnos, SEVERAL[title] ?? [happened.toUpperCase() as Errno]);
    for (const { entries: own, found: words } of found) {
      const languages = new Set(own.map((entry) => entry.language.of));
      if (ANYBODYS.includes(title)) t.true(languages.has(language), words);
      else t.deepEqual([...languages], [language], words);
    }
  });
}

for (const name of NONE) {
  test(`${name.replace(/\.txt$/, '')} is no such error`, async (t) => {
    const { entries } = await guide;
    const text = read('none', name);
    t.deepEqual(matches(text, entries), []);
    t.is(nearest(text, entries, 3).length, 3);
  });
}

test('each text that no lab holds stands in a real one', async (t) => {
  const { entries } = await guide;
  const all = REAL.map((name) => [name, read(name)] as const);
  for (const entry of entries.filter(({ held }) => !held)) {
    const { language, face } = entry;
    const seen = all.filter(([name, text]) => {
      const [match] = name.startsWith(`${language.of}-`) ? matches(text, [entry]) : [];
      // By its words, or by its type where it has none.
      return match?.entries.includes(entry) && (face.message === '' || match.found !== face.type);
    });
    t.not(seen.length, 0, `${language.name}: ${face.type}: ${face.message}`);
  }
});

for (const columns of [80, 120]) {
  test(`what is said of them fits into ${columns} columns`, async (t) => {
    const { entries } = await guide;
    const screen = { columns, colour: false };
    for (const name of REAL) {
      const lines = explained(matches(read(name), entries), entries, screen);
      t.deepEqual(
        lines.filter((line) => line.length > columns),
        [],
        name,
      );
    }
    for (const name of NONE) {
      const text = read('none', name);
      const lines = unknownText(text, nearest(text, entries, 3), screen);
      t.deepEqual(
        lines.filter((line) => line.length > columns),
        [],
        name,
      );
    }
  });
}

test('a face that is wrong is found out', async (t) => {
  const { entries } = await guide;
  const wrong = entries.map((entry) => {
    const message = entry.face.message.replace('read ECONNRESET', 'read ECONNREST');
    return { ...entry, face: { ...entry.face, message } };
  });
  const text = read('node-econnreset-read.txt');
  t.true(matches(text, entries).every((match) => match.found === 'read ECONNRESET'));
  t.false(matches(text, wrong).some((match) => match.found === 'read ECONNRESET'));
});
