// What a person types wrongly, at `npm run check` and `npm run workshop`: one message, and nothing is run.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { languageNames, loadLabs } from '../../runners/catalog/load.ts';
import { EXIT } from '../../runners/user-error.ts';
import { loadLessons } from '../../runners/workshop/lessons/load.ts';
import { folderWith } from '../_folder.ts';
import { typedIn } from './_typed-in.ts';

const LANGUAGES = (await languageNames()).join(', ');
const LESSONS = await loadLessons(await loadLabs(['all']));
const LABS = LESSONS.length;
const EXERCISES = LESSONS.filter(({ tasks }) => tasks.length > 0)
  .map(({ number }) => number)
  .join(' ');
const CHOOSE = 'Choose yours: npm run workshop -- --language python';
const PYTHON = 'version: 1\nlanguage: python\n';

/** Types a command for a participant with this state, one after the other; FOLDER stands for that of the participant's files. */
async function typed(t: ExecutionContext, words: readonly string[], state?: string) {
  const folder = folderWith(t, state === undefined ? {} : { 'progress.yaml': state });
  return await typedBy(t, folder, words);
}

async function typedBy(t: ExecutionContext, folder: string, words: readonly string[]) {
  const { status, out, err } = await typedIn(t, folder, words);
  return { status, out, err: err.replaceAll(folder, 'FOLDER'), folder };
}

const NO_LANGUAGE = (name: string, where: string, meant = `There are: ${LANGUAGES}.`) =>
  `There is no language "${name}" (${where}). ${meant} ${CHOOSE}\n`;

for (const [words, state, message] of [
  [
    ['check', 'crash-sever'],
    PYTHON,
    'There is no lab "crash-sever". Did you mean "crash-server"? List them: npm run lab\n',
  ],
  [
    ['check', 'hello'],
    PYTHON,
    'Lab 01 hello has no exercise. List them: npm run workshop -- --list\n',
  ],
  [
    ['check', '4', '--exercise', 'retri'],
    PYTHON,
    'Lab 04 crash-server has no exercise "retri" (--exercise). Did you mean "retry"?\n',
  ],
  [
    ['check', '4'],
    undefined,
    'Your language is not known yet. Say it: npm run check 04 -- --language python\n',
  ],
  [
    ['check', '4', '--language', 'pyton'],
    undefined,
    NO_LANGUAGE('pyton', '--language', 'Did you mean "python"?'),
  ],
  [['check', '4', '--language', 'all'], PYTHON, NO_LANGUAGE('all', '--language')],
  [['check', '4', '--language', 'java.channel'], PYTHON, NO_LANGUAGE('java.channel', '--language')],
  [['check', '4'], 'version: 1\nlanguage: cobol\n', NO_LANGUAGE('cobol', 'FOLDER/progress.yaml')],
  [
    ['check', '4'],
    'version: 2\n',
    'FOLDER/progress.yaml: `version` is 2, and this workshop knows 1 only. Take the version of the workshop that wrote it, or begin anew: npm run workshop -- --reset all\n',
  ],
  [
    ['workshop', '--language', 'pyton'],
    undefined,
    NO_LANGUAGE('pyton', '--language', 'Did you mean "python"?'),
  ],
  [['workshop', '--language', 'usual'], PYTHON, NO_LANGUAGE('usual', '--language')],
  [['workshop'], 'version: 1\nlanguage: cobol\n', NO_LANGUAGE('cobol', 'FOLDER/progress.yaml')],
  [
    ['workshop', '--skip', 'helo'],
    PYTHON,
    'There is no lab "helo". Did you mean "hello"? List them: npm run lab\n',
  ],
  [
    ['workshop', '--reset', 'helo'],
    PYTHON,
    'There is no lab "helo". Did you mean "hello"? List them: npm run lab\n',
  ],
  [
    ['workshop', '--skip', '4', 'helo'],
    PYTHON,
    'There is no lab "helo". Did you mean "hello"? List them: npm run lab\n',
  ],
  [
    ['workshop', '--reset', 'all', 'helo'],
    PYTHON,
    'There is no lab "helo". Did you mean "hello"? List them: npm run lab\n',
  ],
  [
    ['workshop', '--reset', '4', '--skip', '5'],
    PYTHON,
    "error: option '--reset <labs...>' cannot be used with option '--skip <labs...>'\nHelp: npm run workshop -- --help\n",
  ],
  [
    ['check', 'all'],
    PYTHON,
    `You named ${LABS} labs, and one is checked at a time. Those with exercises: for lab in ${EXERCISES}; do npm run check $lab; done\n`,
  ],
  [
    ['check', '8', '1', '4'],
    PYTHON,
    'You named 3 labs, and one is checked at a time. Those with exercises: for lab in 04 08; do npm run check $lab; done\n',
  ],
  [
    ['check', '1', '2'],
    undefined,
    'You named 2 labs, and none of them has an exercise. List them: npm run workshop -- --list\n',
  ],
  [
    ['workshop', '--list', 'doen'],
    PYTHON,
    "error: option '--list [which]' argument 'doen' is invalid. Allowed choices are todo, done, skipped.\nHelp: npm run workshop -- --help\n",
  ],
] as readonly (readonly [readonly string[], string | undefined, string])[]) {
  const whose = state === undefined ? '' : `, with ${JSON.stringify(state)}`;
  test.serial(`${words.join(' ')}${whose}`, async (t) => {
    const { status, out, err, folder } = await typed(t, words, state);
    t.is(err, message);
    t.is(out, '');
    t.is(status, EXIT.usage);
    t.deepEqual(readdirSync(folder), state === undefined ? [] : ['progress.yaml']);
    if (state !== undefined) t.is(readFileSync(join(folder, 'progress.yaml'), 'utf8'), state);
  });
}

test.serial(
  'a language is kept, and who has no terminal is told the commands that go on',
  async (t) => {
    const { status, out, err, folder } = await typed(t, ['workshop', '--language', 'python']);
    t.is(status, EXIT.pass, err);
    t.regex(out, /^\nLab 01 · hello +\[\.+\] 0 of \d+\n/);
    t.true(
      out.endsWith('\n  npm run lab hello -- --client python\n  npm run workshop -- --skip 01\n'),
    );
    t.regex(readFileSync(join(folder, 'progress.yaml'), 'utf8'), /^language: python$/m);
  },
);

test.serial(
  'who has no terminal and comes to an exercise has the file, and the command that checks it',
  async (t) => {
    const skipped = ['01-hello', '02-refused', '03-abort'].map(
      (lab) => `  ${lab}: { skipped: true }\n`,
    );
    const { status, out, err, folder } = await typed(
      t,
      ['workshop'],
      `${PYTHON}labs:\n${skipped.join('')}`,
    );
    t.is(status, EXIT.pass, err);
    const path = join(folder, '04-crash-server', 'ask.py');
    t.true(out.includes(`\n  npm run check 04   (your file: ${path})\n`), out);
    t.true(existsSync(path));
  },
);

test.serial('who has no terminal and no language is told how to choose one', async (t) => {
  const { status, out, err } = await typed(t, ['workshop']);
  t.is(status, EXIT.pass, err);
  t.is(out, 'Choose your language first: npm run workshop -- --language python\n');
});

test.serial('a lab is skipped, and stands in the list', async (t) => {
  const { status, out, err, folder } = await typed(t, ['workshop', '--skip', '4'], PYTHON);
  t.is(status, EXIT.pass, err);
  t.is(out, '04-crash-server is skipped. It stays in the list: npm run workshop -- --list\n');
  const state = readFileSync(join(folder, 'progress.yaml'), 'utf8');
  const listed = await typed(t, ['workshop', '--list', 'skipped'], state);
  t.is(listed.out.split('\n').length, 3);
  t.regex(listed.out, /\n– {2}04 {2}crash-server {2,}retry, graceful {2,}predict\n$/);
  t.regex((await typed(t, ['workshop', '--list'], state)).out, /\n {3}21 {2}close-race /);
});

test.serial(
  'several labs are skipped, or all; what is done or skipped already is told so',
  async (t) => {
    const DONE = '2026-11-22T01:12:03.456Z';
    const state = `${PYTHON}labs:
  01-hello: { skipped: true }
  04-crash-server: { solved: { retry: ${DONE}, graceful: ${DONE} } }
`;
    const some = await typed(t, ['workshop', '--skip', '5', '4', '1'], state);
    t.is(some.status, EXIT.pass, some.err);
    t.is(
      some.out,
      `01-hello is skipped already.
04-crash-server is done: there is nothing to skip.
${LESSONS[4]?.folder} is skipped. It stays in the list: npm run workshop -- --list
`,
    );
    t.is(
      readFileSync(join(some.folder, 'progress.yaml'), 'utf8'),
      `${state}  ${LESSONS[4]?.folder}:\n    skipped: true\n`,
    );

    const all = await typed(t, ['workshop', '--skip', 'all'], state);
    t.is(all.status, EXIT.pass, all.err);
    t.is(all.out.split('\n').length - 1, LABS);
    const after = readFileSync(join(all.folder, 'progress.yaml'), 'utf8');
    const next = await typed(t, ['workshop'], after);
    t.is(
      next.out,
      'No lab is left but those that you have skipped: npm run workshop -- --list skipped\n',
    );
    t.is((await typed(t, ['workshop', '--list', 'todo'], after)).out, 'None.\n');
    t.regex((await typed(t, ['workshop', '--list', 'done'], after)).out, /04 {2}crash-server/);
  },
);

test.serial(
  'a lab begins anew; where nothing was done of it, that is told, and nothing is written',
  async (t) => {
    for (const [state, says] of [
      [undefined, 'was not begun: there is nothing to forget.'],
      [PYTHON, 'was not begun: there is nothing to forget.'],
      [`${PYTHON}labs: { 04-crash-server: { skipped: true } }\n`, 'begins anew.'],
    ] as const) {
      const { status, out, err, folder } = await typed(t, ['workshop', '--reset', '4'], state);
      t.is(status, EXIT.pass, err);
      t.is(out, `04-crash-server ${says}\n`);
      t.deepEqual(readdirSync(folder), state === undefined ? [] : ['progress.yaml']);
      if (state !== undefined) {
        t.notRegex(readFileSync(join(folder, 'progress.yaml'), 'utf8'), /crash-server/);
      }
    }
  },
);

test.serial('several labs begin anew, and no other', async (t) => {
  const state = `${PYTHON}labs:
  01-hello: { skipped: true }
  02-refused: { skipped: true }
  03-abort: { skipped: true }
`;
  const { status, out, err, folder } = await typed(t, ['workshop', '--reset', '3', 'hello'], state);
  t.is(status, EXIT.pass, err);
  t.is(out, '01-hello begins anew.\n03-abort begins anew.\n');
  t.is(
    readFileSync(join(folder, 'progress.yaml'), 'utf8'),
    `${PYTHON}labs:\n  02-refused: { skipped: true }\n`,
  );
});

test.serial('where a lab begins anew the own file is kept beside the starter', async (t) => {
  const folder = folderWith(t, {
    'progress.yaml': PYTHON,
    '04-crash-server/ask.py': 'mine',
  });
  const { status, out, err } = await typedBy(t, folder, ['workshop', '--reset', '04']);
  t.is(status, EXIT.pass, err);
  const path = join(folder, '04-crash-server', 'ask.py');
  t.is(out, `${path} is new; what was there: ${path}.old\n04-crash-server begins anew.\n`);
  t.is(readFileSync(`${path}.old`, 'utf8'), 'mine');
});

test.serial(
  'all begins anew where the state cannot be read, and the old one is kept',
  async (t) => {
    const { status, out, err, folder } = await typed(t, ['workshop', '--reset', 'all'], 'labs: [');
    t.is(status, EXIT.pass, err);
    t.is(
      out.replaceAll(folder, 'FOLDER'),
      'The old state is kept: FOLDER/progress.yaml.old\nThe workshop begins anew.\n',
    );
    t.is(readFileSync(join(folder, 'progress.yaml.old'), 'utf8'), 'labs: [');
  },
);

test.serial('all begins anew where a folder stands in the place of the state', async (t) => {
  const folder = folderWith(t);
  mkdirSync(join(folder, 'progress.yaml'));
  writeFileSync(join(folder, 'progress.yaml', 'x'), 'mine');
  const { status, err } = await typedBy(t, folder, ['workshop', '--reset', 'all']);
  t.is(status, EXIT.pass, err);
  t.true(existsSync(join(folder, 'progress.yaml.old', 'x')));
});

test.serial(
  'who has solved the first exercise of a lab is told the name of the next',
  async (t) => {
    const labs = '01-hello 02-refused 03-abort'
      .split(' ')
      .map((lab) => `  ${lab}: { skipped: true }`);
    const crash = '  04-crash-server: { solved: { retry: 2026-11-30T12:00:00.000Z } }';
    const state = `${PYTHON}labs:\n${[...labs, crash].join('\n')}\n`;
    const { status, out } = await typed(t, ['workshop'], state);
    t.is(status, 0);
    t.regex(
      out,
      /\n {2}npm run check 04 -- --exercise graceful {3}\(your file: .*04-crash-server\/server\.py\)\n/,
    );
  },
);

test.serial(
  'in a language without a starter for it an exercise of a server is not to be done',
  async (t) => {
    const go = 'version: 1\nlanguage: go\n';
    const { err, status } = await typed(t, ['check', '3'], go);
    t.is(status, 2);
    t.is(
      err,
      'The exercise "graceful" of lab 03 abort has no starter in Go. docs/exercises.md says which languages have one.\n',
    );
    const other = await typed(t, ['check', '4', '--exercise', 'graceful'], go);
    t.is(
      other.err,
      'The exercise "graceful" of lab 04 crash-server has no starter in Go. Do another: npm run check 04 -- --exercise retry\n',
    );
    const { out } = await typed(t, ['workshop', '--list'], go);
    t.regex(out, /^ +04 +crash-server +retry +predict$/m);
    t.regex(out, /^ +03 +abort +– +predict$/m);
  },
);
