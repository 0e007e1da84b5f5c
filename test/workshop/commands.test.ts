// What a person types wrongly, at `npm run check` and `npm run workshop`: one message, and nothing is run.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { languageNames } from '../../runners/catalog/load.ts';
import { EXIT } from '../../runners/user-error.ts';
import { folderWith } from '../_folder.ts';
import { cli } from '../commands/_run.ts';
import { NO_DOCKER } from '../doctor/_machine.ts';

const LANGUAGES = (await languageNames()).join(', ');
const CHOOSE = 'Choose yours: npm run workshop -- --language python';
const PYTHON = 'version: 1\nlanguage: python\n';

/** Runs a command for a participant with this state; FOLDER stands for that of the participant's files. */
async function typed(t: ExecutionContext, words: readonly string[], state?: string) {
  const folder = folderWith(t, state === undefined ? {} : { 'progress.yaml': state });
  const env = { RESET_LABS_WORKSHOP: folder, DOCKER_HOST: NO_DOCKER };
  const ran = await cli(words, { env });
  return { ...ran, err: ran.err.replaceAll(folder, 'FOLDER'), folder };
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
    'Your language is not known yet. Say it: npm run check 4 -- --language python\n',
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
    ['workshop', '--list', 'doen'],
    PYTHON,
    "error: option '--list [which]' argument 'doen' is invalid. Allowed choices are todo, done, skipped.\nHelp: npm run workshop -- --help\n",
  ],
] as readonly (readonly [readonly string[], string | undefined, string])[]) {
  const whose = state === undefined ? '' : `, with ${JSON.stringify(state)}`;
  test(`${words.join(' ')}${whose}`, async (t) => {
    const { status, out, err, folder } = await typed(t, words, state);
    t.is(err, message);
    t.is(out, '');
    t.is(status, EXIT.usage);
    t.deepEqual(readdirSync(folder), state === undefined ? [] : ['progress.yaml']);
    if (state !== undefined) t.is(readFileSync(join(folder, 'progress.yaml'), 'utf8'), state);
  });
}

test('a language is kept, and who has no terminal is told the commands that go on', async (t) => {
  const { status, out, err, folder } = await typed(t, ['workshop', '--language', 'python']);
  t.is(status, EXIT.pass, err);
  t.regex(out, /^\nLab 01 · hello +\[\.+\] 0 of \d+\n/);
  t.true(
    out.endsWith('\n  npm run lab hello -- --client python\n  npm run workshop -- --skip 01\n'),
  );
  t.regex(readFileSync(join(folder, 'progress.yaml'), 'utf8'), /^language: python$/m);
});

test('who has no terminal and comes to an exercise has the file, and the command that checks it', async (t) => {
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
});

test('who has no terminal and no language is told how to choose one', async (t) => {
  const { status, out, err } = await typed(t, ['workshop']);
  t.is(status, EXIT.pass, err);
  t.is(out, 'Choose your language first: npm run workshop -- --language python\n');
});

test('a lab is skipped, and stands in the list', async (t) => {
  const { status, out, err, folder } = await typed(t, ['workshop', '--skip', '4'], PYTHON);
  t.is(status, EXIT.pass, err);
  t.is(out, '04-crash-server is skipped. It stays in the list: npm run workshop -- --list\n');
  const state = readFileSync(join(folder, 'progress.yaml'), 'utf8');
  const listed = await typed(t, ['workshop', '--list', 'skipped'], state);
  t.is(listed.out.split('\n').length, 3);
  t.regex(listed.out, /\n– {2}04 {2}crash-server {2,}retry {2,}predict\n$/);
  t.regex((await typed(t, ['workshop', '--list'], state)).out, /\n {3}21 {2}close-race /);
});

test('a lab begins anew, also where nothing was done of it', async (t) => {
  for (const state of [
    undefined,
    PYTHON,
    `${PYTHON}labs: { 04-crash-server: { skipped: true } }\n`,
  ]) {
    const { status, out, err, folder } = await typed(t, ['workshop', '--reset', '4'], state);
    t.is(status, EXIT.pass, err);
    t.is(out, '04-crash-server begins anew.\n');
    t.notRegex(readFileSync(join(folder, 'progress.yaml'), 'utf8'), /crash-server/);
  }
});

test('where a lab begins anew the own file is kept beside the starter', async (t) => {
  const folder = folderWith(t, {
    'progress.yaml': PYTHON,
    '04-crash-server/ask.py': 'mine',
  });
  const { status, out, err } = await cli(['workshop', '--reset', '04'], {
    env: { RESET_LABS_WORKSHOP: folder },
  });
  t.is(status, EXIT.pass, err);
  const path = join(folder, '04-crash-server', 'ask.py');
  t.is(out, `${path} is new; what was there: ${path}.old\n04-crash-server begins anew.\n`);
  t.is(readFileSync(`${path}.old`, 'utf8'), 'mine');
});

test('all begins anew where the state cannot be read, and the old one is kept', async (t) => {
  const { status, out, err, folder } = await typed(t, ['workshop', '--reset', 'all'], 'labs: [');
  t.is(status, EXIT.pass, err);
  t.is(
    out.replaceAll(folder, 'FOLDER'),
    'The old state is kept: FOLDER/progress.yaml.old\nThe workshop begins anew.\n',
  );
  t.is(readFileSync(join(folder, 'progress.yaml.old'), 'utf8'), 'labs: [');
});

test('all begins anew where a folder stands in the place of the state', async (t) => {
  const folder = folderWith(t);
  mkdirSync(join(folder, 'progress.yaml'));
  writeFileSync(join(folder, 'progress.yaml', 'x'), 'mine');
  const { status, err } = await cli(['workshop', '--reset', 'all'], {
    env: { RESET_LABS_WORKSHOP: folder },
  });
  t.is(status, EXIT.pass, err);
  t.true(existsSync(join(folder, 'progress.yaml.old', 'x')));
});
