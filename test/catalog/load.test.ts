import { join } from 'node:path';
import test from 'ava';
import type { Lab } from '../../runners/catalog/lab.ts';
import { labFolders, languageNames, loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { UserError } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';
import { CRASH_DEFINITION } from '../_observation.ts';

const GOOD = exported(CRASH_DEFINITION);

function exported(lab: Lab): string {
  return `export default ${JSON.stringify(lab)};`;
}

const names = (labs: readonly { name: string }[]) => [...new Set(labs.map(({ name }) => name))];

test('folders of two digits, a hyphen and a name are labs, in the order of their numbers', async (t) => {
  const folder = folderWith(t, {
    '10-ten/lab.ts': GOOD,
    '02-two/lab.ts': GOOD,
    'programs/lab.ts': GOOD,
    '3-three/notes.md': '',
    '05-file': 'no folder',
    'README.md': '',
  });
  t.deepEqual(
    (await labFolders(folder)).map(({ number, name }) => `${number} ${name}`),
    ['02 two', '10 ten'],
  );
});

test('a lab in a folder whose name is no lab’s is refused: nobody would miss it', async (t) => {
  for (const name of ['3-three', '04-Four', '123-four', 'four', '04_four']) {
    const folder = folderWith(t, { '10-ten/lab.ts': GOOD, [`${name}/lab.ts`]: GOOD });
    const error = await t.throwsAsync(labFolders(folder), { instanceOf: UserError });
    t.true(error?.message.includes(`/${name} has a lab.ts, but its name is no lab's. Name it`));
  }
});

test('a lab is named by its name, its number, or both', async (t) => {
  for (const typed of ['crash-server', '04', '4', '004', '04-crash-server']) {
    t.deepEqual(names(await loadLabs([typed])), ['crash-server'], typed);
  }
});

test('several names make several labs, each once and in the order of their numbers', async (t) => {
  t.deepEqual(names(await loadLabs(['abort', '1', 'hello', '03'])), ['hello', 'abort']);
});

test('“all” names every lab', async (t) => {
  const all = await loadLabs(['all']);
  t.deepEqual(names(all), names(await labFolders()));
  t.true(all.length > names(all).length, 'there are no cures');
});

test('a loaded lab knows its number and its name', async (t) => {
  const [lab] = await loadLabs(['4']);
  t.is(lab?.number, '04');
  t.is(lab?.name, 'crash-server');
  t.is(lab?.headline, lab?.title);
  t.deepEqual([lab?.variant, lab?.cure], [null, null]);
  t.is(typeof lab?.fault, 'function');
});

test('a name that is no lab’s is refused, with the nearest or with all', async (t) => {
  const folder = folderWith(t, { '01-hello/lab.ts': GOOD, '02-refused/lab.ts': GOOD });
  for (const [typed, hint] of [
    ['helo', 'Did you mean "hello"?'],
    ['7', 'There are: hello, refused.'],
    ['01-refused', 'Did you mean "refused"?'],
    ['../01-hello', 'There are: hello, refused.'],
  ] as const) {
    await t.throwsAsync(loadLabs([typed], folder), {
      instanceOf: UserError,
      message: `There is no lab "${typed}". ${hint} List them: npm run lab`,
    });
  }
});

test('one wrong name among good ones is refused', async (t) => {
  await t.throwsAsync(loadLabs(['hello', 'helo']), { message: /^There is no lab "helo"\./ });
});

test('a folder that is not there is told with the option that names another', async (t) => {
  const folder = join(folderWith(t), 'none');
  await t.throwsAsync(loadLabs(['all'], folder), {
    instanceOf: UserError,
    message: `The folder of labs ${folder} cannot be read. Name another: --labs FOLDER`,
  });
});

for (const [what, text, message] of [
  [
    'is not there',
    undefined,
    /^\S+\/01-hello\/lab\.ts cannot be loaded: Cannot find module .+\. Mend it, then run the same command again\.$/,
  ],
  [
    'has a syntax error',
    'export default {',
    /lab\.ts cannot be loaded: .*\/01-hello\/lab\.ts:1:16: .*end of file/,
  ],
  [
    'throws',
    'throw new Error("first\\n  second");',
    /lab\.ts cannot be loaded: first second\. Mend it/,
  ],
  [
    'has no default export',
    'export const lab = 1;',
    /lab\.ts: the default export is missing: write an object\. See CONTRIBUTING\.md, "add a lab"\.$/,
  ],
  [
    'has another default export',
    'export default 7;',
    /lab\.ts: the default export is 7: write an object\./,
  ],
  ['is not whole', 'export default {};', /lab\.ts: `title` is missing\./],
] as const) {
  test(`a lab.ts that ${what} is named, with what to mend`, async (t) => {
    const folder = folderWith(t, {
      '01-hello/README.md': '',
      ...(text === undefined ? {} : { '01-hello/lab.ts': text }),
    });
    await t.throwsAsync(loadLabs(['hello'], folder), { instanceOf: UserError, message });
  });
}

test('the stories of a lab come with their names, plain ones before cures', async (t) => {
  const folder = folderWith(t, {
    '01-mine/lab.ts': exported({
      ...CRASH_DEFINITION,
      title: 'What they have in common',
      cures: { better: { of: 'second', title: 'A cure' } },
      variants: { first: { title: 'One' }, second: {} },
    }),
  });
  t.deepEqual(
    (await loadLabs(['mine'], folder)).map(({ headline, title, variant, cure, causes, number }) => {
      return { headline, title, variant, cure, causes, number };
    }),
    [
      ['One', 'first', null],
      ['What they have in common', 'second', null],
      ['A cure', 'second', 'better'],
    ].map(([title, variant, cure]) => ({
      ...{ headline: 'What they have in common', title, variant, cure },
      ...{ causes: ['crash'], number: '01' },
    })) as never,
  );
});

const { why: _, ...withoutWhy } = CRASH_DEFINITION;

for (const [what, lab, message] of [
  [
    'a variant that lacks a key',
    { ...withoutWhy, variants: { one: { why: 'so' }, two: {} } },
    'variants.two: `why` is missing.',
  ],
  [
    'a variant with a wrong value',
    { ...CRASH_DEFINITION, variants: { one: { topology: 'ring' as never } } },
    'variants.one: `topology` is "ring": write "direct" or "routed" or "proxied".',
  ],
  [
    'a variant with a key that is not known',
    { ...CRASH_DEFINITION, variants: { one: { of: 'two' } as never } },
    'variants.one: `of` is not a key that is known here: remove it.',
  ],
  [
    'a cure that lacks a key',
    { ...withoutWhy, variants: { one: { why: 'so' } }, cures: { better: {} } },
    'cures.better: `why` is missing.',
  ],
  [
    'variants, but none',
    { ...CRASH_DEFINITION, variants: {} },
    '`variants` is {}: write at least one variant.',
  ],
  [
    'a variant whose name is no folder’s',
    { ...CRASH_DEFINITION, variants: { 'a/b': {} } },
    '`variants.a/b` is not a key that is known here: write lower-case letters, digits and hyphens.',
  ],
  [
    'a cure whose name is no folder’s',
    { ...CRASH_DEFINITION, cures: { Better: {} } },
    '`cures.Better` is not a key that is known here: write lower-case letters, digits and hyphens.',
  ],
  [
    'a variant that is no object',
    { ...CRASH_DEFINITION, variants: { one: 7 as never } },
    '`variants.one` is 7: write an object.',
  ],
] as const) {
  test(`a lab with ${what} is refused, with file, key and mend`, async (t) => {
    const folder = folderWith(t, { '01-mine/lab.ts': exported(lab) });
    await t.throwsAsync(loadLabs(['mine'], folder), {
      instanceOf: UserError,
      message: `${join(folder, '01-mine/lab.ts')}: ${message} See CONTRIBUTING.md, "add a lab".`,
    });
  });
}

for (const [lab, mend] of [
  [{ variants: { one: {}, two: {} } }, 'write a variant of the lab: one, two'],
  [{}, 'remove it, since the lab has no variants'],
] as const) {
  test(`a cure of a variant that is not there is refused: ${mend}`, async (t) => {
    const definition = { ...CRASH_DEFINITION, ...lab, cures: { better: { of: 'three' } } };
    const folder = folderWith(t, { '01-mine/lab.ts': exported(definition) });
    await t.throwsAsync(loadLabs(['mine'], folder), {
      instanceOf: UserError,
      message: `${join(folder, '01-mine/lab.ts')}: \`cures.better.of\` is "three": ${mend}. See CONTRIBUTING.md, "add a lab".`,
    });
  });
}

test('languages are found by name; “all” names each', async (t) => {
  const all = await languageNames();
  const loaded = await loadLanguages(['all'], '--client');
  t.deepEqual([...new Set(loaded.map(({ of }) => of))].sort(), all.sort());
  const [flavour] = await loadLanguages(['c.sigpipe'], '--client');
  t.like(flavour, { name: 'c.sigpipe', of: 'c', id: 'c.sigpipe', runtime: 'c' });
  t.deepEqual(names(await loadLanguages(['usual'], '--client')), ['java', 'node', 'python']);
  await t.throwsAsync(loadLanguages(['c.sigpip'], '--client'), {
    instanceOf: UserError,
    message: 'There is no flavour "c.sigpip" of c (--client). Did you mean "c.sigpipe"?',
  });
  t.deepEqual(names(await loadLanguages(['python', 'java', 'python'], '--client')), [
    'python',
    'java',
  ]);
});

test('a version of a language is named after an @', async (t) => {
  const [java, java25, node] = await loadLanguages(['java', 'java@25', 'node@22'], '--client');
  t.like(java, { name: 'java', id: 'java', version: null });
  t.like(java25, { name: 'java', id: 'java@25', version: { name: '25' }, folder: java?.folder });
  t.like(node, { name: 'node', id: 'node@22', version: { name: '22' } });
});

test('“java@all” is each version that has an image, “all@all” that of each language; none comes twice', async (t) => {
  const ids = async (...names: string[]) =>
    (await loadLanguages(names, '--client')).map(({ id }) => id);
  t.deepEqual(await ids('java@25', 'java@all'), ['java@25', 'java@21']);
  t.deepEqual(await ids('node@all'), ['node@20', 'node@22', 'node@24', 'node@26']);
  t.deepEqual((await ids('usual@all')).sort(), [
    ...['java@21', 'java@25', 'node@20', 'node@22', 'node@24', 'node@26', 'python@3.13'],
  ]);
  const all = await ids('all@all');
  for (const id of await ids('usual@all')) t.true(all.includes(id), id);
  t.is(new Set(all).size, all.length);
});

for (const [typed, message] of [
  [
    'java@9',
    'There is no version "9" of java (--client). There are: 17, 21, 25. Or write: java@all',
  ],
  [
    'node@',
    'There is no version "" of node (--client). There are: 20, 22, 24, 26. Or write: node@all',
  ],
  [
    'jaba@25',
    'There is no language "jaba" (--client). Did you mean "java"? Or write: --client all',
  ],
] as const) {
  test(`“${typed}” is refused: ${message}`, async (t) => {
    await t.throwsAsync(loadLanguages([typed], '--client'), { instanceOf: UserError, message });
  });
}

test('a name that is no language’s is refused, with the option in which it stands', async (t) => {
  await t.throwsAsync(loadLanguages(['java', 'pyton'], '--server'), {
    instanceOf: UserError,
    message:
      'There is no language "pyton" (--server). Did you mean "python"? Or write: --server all',
  });
});
