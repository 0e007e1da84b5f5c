// What a person types wrongly, or lacks: the exact words, the exit status, and nothing left behind.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ERRNOS } from '../../runners/catalog/errno.ts';
import { labFolders, languageNames } from '../../runners/catalog/load.ts';
import { STEP_NAMES } from '../../runners/evidence/steps.ts';
import { folderWith } from '../_folder.ts';
import { lab } from '../_lab.ts';
import { CRASH_DEFINITION } from '../_observation.ts';
import { typed } from '../_typed.ts';

/** `lab` with a mistake, which is refused before anything is run. */
async function mistyped(t: ExecutionContext, args: readonly string[]) {
  const results = join(folderWith(t), 'results');
  const ran = await typed(['lab', '--results', results, '--name', 'mistyped', ...args]);
  t.false(existsSync(results), 'a folder of results is left');
  return ran;
}

const HELP = 'Help: npm run lab -- --help\n';
const LABS = (await labFolders()).map(({ name }) => name).join(', ');
const LANGUAGES = (await languageNames()).join(', ');

for (const [args, err] of [
  [
    ['crash-sever'],
    'There is no lab "crash-sever". Did you mean "crash-server"? List them: npm run lab\n',
  ],
  [['nonsense'], `There is no lab "nonsense". There are: ${LABS}. List them: npm run lab\n`],
  [['99'], `There is no lab "99". There are: ${LABS}. List them: npm run lab\n`],
  [['hello', 'helo'], 'There is no lab "helo". Did you mean "hello"? List them: npm run lab\n'],
  [
    ['hello', '--client', 'pyton'],
    'There is no language "pyton" (--client). Did you mean "python"? Or write: --client all\n',
  ],
  [
    ['hello', '--client', 'java,cobol'],
    `There is no language "cobol" (--client). There are: ${LANGUAGES}. Or write: --client all\n`,
  ],
  [
    ['hello', '--server', 'jav'],
    'There is no language "jav" (--server). Did you mean "java"? Or write: --server all\n',
  ],
  [
    ['hello', '--client', 'java,,node'],
    `error: option '--client <languages>' argument 'java,,node' is invalid. Separate names by single commas.\n${HELP}`,
  ],
  [['hello', '--frob'], `error: unknown option '--frob'\n${HELP}`],
  [['hello', '--jason'], `error: unknown option '--jason'\n(Did you mean --json?)\n${HELP}`],
  [['hello', '--repeat'], `error: option '--repeat <times>' argument missing\n${HELP}`],
  ...['0', '-1', '1.5', 'x', '1e3', '100001', ''].map(
    (times) =>
      [
        ['hello', `--repeat=${times}`],
        `error: option '--repeat <times>' argument '${times}' is invalid. Write a whole number from 1 to 100000.\n${HELP}`,
      ] as const,
  ),
  ...['0', '257'].map(
    (cells) =>
      [
        ['hello', '--jobs', cells],
        `error: option '--jobs <cells>' argument '${cells}' is invalid. Write a whole number from 1 to 256.\n${HELP}`,
      ] as const,
  ),
  ...['80', '19999', '32000', 'http'].map(
    (port) =>
      [
        ['hello', '--port', port],
        `error: option '--port <port>' argument '${port}' is invalid. Write a whole number from 20000 to 31999.\n${HELP}`,
      ] as const,
  ),
  ...['', 'A', 'a b', '../a', '-a', 'a'.repeat(41)].map(
    (name) =>
      [
        ['hello', `--name=${name}`],
        `error: option '--name <name>' argument '${name}' is invalid. Write lower-case letters, digits and hyphens, 40 at most.\n${HELP}`,
      ] as const,
  ),
  [
    ['hello', '--engine', 'dokcer'],
    `error: option '--engine <engine>' argument 'dokcer' is invalid. Allowed choices are auto, local, docker.\n${HELP}`,
  ],
  [
    ['hello', '--without', 'program'],
    `error: option '--without <evidence>' argument 'program' is invalid. Only packets and kernel can be left out.\n${HELP}`,
  ],
  [
    ['hello', '--cause', 'luck'],
    `error: option '--cause <causes>' argument 'luck' is invalid. There is no cause "luck". Causes: control, crash, firewall, closed, idle, protocol, resources.\n${HELP}`,
  ],
  [
    ['hello', '--cause', 'crash,,idle'],
    `error: option '--cause <causes>' argument 'crash,,idle' is invalid. Separate names by single commas.\n${HELP}`,
  ],
  [
    ['hello', '--cause', 'crash'],
    'No lab that you named has the cause crash. List the labs: npm run lab\n',
  ],
  [
    ['hello', '--cured'],
    'No cure is written for hello. List the labs and their cures: npm run lab\n',
  ],
  // A cause alone means all labs that have it.
  [
    ['--cause', 'control', '--cured'],
    'No cure is written for hello. List the labs and their cures: npm run lab\n',
  ],
  [['hello', '--variant', 'one'], 'hello has no variants. Leave --variant out.\n'],
  [
    ['restart-server', '--variant', 'lisening'],
    'There is no variant "lisening" (--variant). Did you mean "listening"?\n',
  ],
  [
    ['restart-server', '--cured', '--variant', 'listening'],
    'There is no cure "listening" (--variant). There are: retry, not-twice.\n',
  ],
  ...['5', '', 'six', '06'].map(
    (version) =>
      [
        ['hello', `--ip=${version}`],
        `error: option '--ip <version>' argument '${version}' is invalid. Write 4 or 6.\n${HELP}`,
      ] as const,
  ),
  [
    ['firewall-reset', '--ip', '6'],
    '--ip 6 is for labs of topology direct, and firewall-reset is none. Leave --ip 6 out.\n',
  ],
  [
    ['hello', '--labs', '/nonexistent'],
    'The folder of labs /nonexistent cannot be read. Name another: --labs FOLDER\n',
  ],
] as readonly (readonly [readonly string[], string])[]) {
  test(`lab ${args.join(' ')}`, async (t) => {
    t.deepEqual(await mistyped(t, args), { status: 2, out: '', err });
  });
}

const SEE = 'See CONTRIBUTING.md, "add a lab".\n';

for (const [what, text, message] of [
  [
    'a syntax error',
    'export default {\n  title: "x",,\n};\n',
    'FILE cannot be loaded: Transform failed with 1 error: FILE:2:13: ERROR: Expected identifier but found ",". Mend it, then run the same command again.\n',
  ],
  [
    'an error of its own',
    'throw new TypeError("no luck");',
    'FILE cannot be loaded: no luck. Mend it, then run the same command again.\n',
  ],
  [
    'no default export',
    'export const lab = {};',
    `FILE: the default export is missing: write an object. ${SEE}`,
  ],
  [
    'a default export of another kind',
    'export default () => {};',
    `FILE: the default export is a function: write an object. ${SEE}`,
  ],
  [
    'a value of another type',
    `export default ${JSON.stringify({ ...CRASH_DEFINITION, title: 7 })};`,
    `FILE: \`title\` is 7: write a text. ${SEE}`,
  ],
  [
    'a key that is not known',
    `export default ${JSON.stringify({ ...CRASH_DEFINITION, timeout: 5 })};`,
    `FILE: \`timeout\` is not a key that is known here: remove it. ${SEE}`,
  ],
  [
    'a variant that lacks a key',
    `export default ${JSON.stringify({ ...CRASH_DEFINITION, why: undefined, variants: { one: {} } })};`,
    `FILE: variants.one: \`why\` is missing. ${SEE}`,
  ],
  [
    'a cure of a variant that is not there',
    `export default ${JSON.stringify({ ...CRASH_DEFINITION, cures: { better: { of: 'one' } } })};`,
    `FILE: \`cures.better.of\` is "one": remove it, since the lab has no variants. ${SEE}`,
  ],
  [
    'a misspelt errno',
    `export default ${JSON.stringify(CRASH_DEFINITION).replace('read ECONNRESET', 'read ECONRESET')};`,
    `FILE: \`expect.client.2\` is "read ECONRESET": write a step and its outcome, "read ECONNRESET" say: ${STEP_NAMES.join(', ')}; ok, eof, blocked, ${ERRNOS.join(', ')}, SIGPIPE. ${SEE}`,
  ],
  [
    'a misspelt counter',
    `export default ${JSON.stringify(CRASH_DEFINITION).replace('TCPAbortOnClose', 'TcpAbortOnClose')};`,
    `FILE: \`expect.kernel.server.TcpAbortOnClose\` is not a key that is known here: write "OutRsts" or "EstabResets" or "AttemptFails" or "TCPAbortOnData" or "TCPAbortOnClose" or "TCPAbortOnMemory" or "TCPAbortOnTimeout" or "TCPAbortOnLinger" or "TCPAbortFailed" or "EmbryonicRsts" or "ListenOverflows" or "TCPChallengeACK". ${SEE}`,
  ],
] as const) {
  test(`a lab.ts with ${what}`, async (t) => {
    const labs = folderWith(t, { '01-mine/lab.ts': text });
    const { status, out, err } = await mistyped(t, ['mine', '--labs', labs]);
    t.is(err.replaceAll(join(labs, '01-mine/lab.ts'), 'FILE'), message);
    t.deepEqual({ status, out }, { status: 2, out: '' });
  });
}

test('a folder of results that cannot be written', async (t) => {
  const results = join(folderWith(t, { file: '' }), 'file', 'results');
  const ran = await lab(t, ['hello', '--engine', 'local'], { results });
  t.is(
    ran.stderr,
    `The results folder ${results} cannot be written: ENOTDIR: not a directory, mkdir '${results}'. Name another: --results FOLDER\n`,
  );
  t.is(ran.stdout, '');
  t.is(ran.status, 2);
});

test('a name that is taken', async (t) => {
  const results = folderWith(t, { 'mine/run.json': '{}' });
  const ran = await lab(t, ['hello', '--engine', 'local', '--name', 'mine'], { results });
  t.is(ran.stderr, `A run named "mine" is in ${results} already. Choose another --name.\n`);
  t.is(ran.stdout, '');
  t.is(ran.status, 2);
  t.deepEqual(readdirSync(results), ['mine']);
});

test('a mistake leaves standard output empty, also with --json', async (t) => {
  for (const args of [['crash-sever'], ['hello', '--frob']]) {
    const { status, stdout } = await lab(t, [...args, '--json']);
    t.is(stdout, '');
    t.is(status, 2);
  }
});

test('a patience that is no number', async (t) => {
  const ran = await lab(t, ['hello', '--engine', 'local'], {
    env: { RESET_LABS_PATIENCE_MS: 'long' },
  });
  t.is(
    ran.stderr,
    'RESET_LABS_PATIENCE_MS is "long". Write a whole number of milliseconds from 100 to 600000.\n',
  );
  t.is(ran.status, 2);
  t.false(existsSync(ran.results));
});
