// The workshop as a participant meets it, in a terminal of 80 × 24, in the local engine.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { EXIT } from '../../runners/user-error.ts';
import { Progress } from '../../runners/workshop/own/progress.ts';
import { folderWith } from '../_folder.ts';
import { engines } from '../e2e/_engines.ts';
import { CTRL_C, CTRL_D, ENTER, Terminal } from './_terminal.ts';

const [local] = engines.filter(({ name }) => name === 'local');
if (local === undefined) throw new Error('there is no local engine');
const { test } = local;

const { SIGHUP } = constants.signals;

const TIME = '2026-11-22T01:12:03.456Z';
const PYTHON = 'version: 1\nlanguage: python\n';
const SKIPPED = ['01-hello', '02-refused', '03-abort'].map(
  (lab) => `  ${lab}: { skipped: true }\n`,
);
const AT_EXERCISE = `${PYTHON}labs:\n${SKIPPED.join('')}  04-crash-server: { predicted: read eof, ran: ${TIME} }\n`;
const WRONG = 'print("The server said: Hello Client!")\n';
const SOLUTION = readFileSync('labs/programs/python/ask_retry.py', 'utf8');

function workshopWith(t: ExecutionContext, state?: string): { workshop: string; own: string } {
  const workshop = folderWith(t, state === undefined ? {} : { 'progress.yaml': state });
  return { workshop, own: join(workshop, '04-crash-server', 'ask.py') };
}

/** Whether the terminal reads lines, and shows what is typed. */
function isGivenBack(t: ExecutionContext, settings: readonly string[]): void {
  for (const setting of ['echo', 'icanon', 'isig', 'icrnl', 'opost']) {
    t.true(settings.includes(setting), `${setting}: ${settings.join(' ')}`);
  }
}

test.serial('the whole way, key by key', async (t) => {
  t.timeout(400_000);
  const { workshop, own } = workshopWith(t);
  const terminal = new Terminal(t, { workshop });
  const onScreen = (...texts: readonly string[]) => {
    const screen = terminal.screen();
    for (const text of texts)
      t.true(
        screen.some((line) => line.includes(text)),
        `${text}\n${screen.join('\n')}`,
      );
  };

  await terminal.shows('In which language do you want to work?');
  const [, python = ''] = /(\w) {2}python\n/.exec(await terminal.shows(/\w {2}python\n/)) ?? [];
  await terminal.answer('a to j', python);

  await terminal.answer('Lab 01 · hello', '');
  onScreen(
    'Lab 01 · hello',
    'How will it end for your client in Python?',
    'a/b/c/d · l list · s skip',
  );
  terminal.press('zB');
  await terminal.shows('Running lab 01 …');
  await terminal.answer('1 passed', '');
  onScreen('read → ok', 'Enter explain · r run again');
  terminal.press(ENTER);
  await terminal.answer('You predicted: read gets the reply.\nSo it was.\n', '');
  onScreen('So it was.', 'Enter next · r run again');
  terminal.press(ENTER);

  for (const lab of ['02 · refused', '03 · abort']) await terminal.answer(`Lab ${lab}`, 's');
  await terminal.answer('Lab 04 · crash-server', 'b');
  await terminal.shows('Running lab 04 …');
  await terminal.answer('1 passed', ENTER);
  await terminal.answer('It was otherwise.\n', ENTER);

  await terminal.answer('Exercise retry: ', 'h');
  onScreen('Let', 'h hint · r run · p packets · l list');
  await terminal.answer('Run it first (r)', '');
  writeFileSync(own, WRONG);
  await terminal.answer(/Checking \S+ask\.py …/, '');
  onScreen('✘ it connects and sends its request', 'h hint · r run');
  terminal.press('h');
  await terminal.answer(/Hint 1 of 3\nYour client sent no segment/, 'H');
  await terminal.answer('Hint 2 of 3\n', '');
  writeFileSync(own, SOLUTION);
  await terminal.shows('Checking');
  await terminal.answer('✔ it ends with status 0', '');
  onScreen('Solved.', 'Enter next · m solution');
  terminal.press('m');
  await terminal.answer('def main', ENTER);

  // The next one changes the server.
  await terminal.answer('Exercise graceful: ', 's');
  await terminal.answer('Lab 05 · crash-idle', 'l');
  await terminal.answer('–  02  refused', 'q');
  await terminal.shows('Your place is kept. Go on: npm run workshop\n');
  const { status, settings } = await terminal.ended();
  t.is(status, EXIT.pass);
  isGivenBack(t, settings);
  await terminal.isEmpty();

  const progress = await Progress.read(join(workshop, 'progress.yaml'));
  t.is(progress.language, 'python');
  t.is(progress.lab('01-hello').predicted, 'read ok');
  t.true(progress.lab('02-refused').skipped);
  const { predicted, solved, hints } = progress.lab('04-crash-server');
  t.deepEqual([predicted, hints], ['read eof', { retry: 2 }]);
  t.truthy(solved?.retry);
});

/** Each part of a lesson: the state to begin with, and what leads there from the first question. */
const PARTS: readonly {
  readonly part: string;
  readonly state?: string;
  readonly reach: (terminal: Terminal, own: string) => Promise<unknown>;
}[] = [
  { part: 'the choice of the language', reach: (terminal) => terminal.answer('a to j', '') },
  {
    part: 'a prediction',
    state: PYTHON,
    reach: (terminal) => terminal.answer('How will it end', ''),
  },
  {
    part: 'the run of a lab',
    state: PYTHON,
    async reach(terminal) {
      await terminal.answer('How will it end', 'a');
      await terminal.shows('Running lab 01 …');
    },
  },
  {
    part: 'an exercise',
    state: AT_EXERCISE,
    reach: (terminal) => terminal.answer('Exercise retry', ''),
  },
  {
    part: 'a check',
    state: AT_EXERCISE,
    async reach(terminal, own) {
      await terminal.answer('Exercise retry', '');
      writeFileSync(own, 'import time\ntime.sleep(600)\n');
      await terminal.shows('Checking');
    },
  },
  {
    part: 'a check whose program runs',
    state: AT_EXERCISE,
    async reach(terminal, own) {
      await terminal.answer('Exercise retry', '');
      writeFileSync(own, 'import time\ntime.sleep(600)\n');
      await terminal.runs('ask.py');
    },
  },
  {
    part: 'the list',
    state: PYTHON,
    async reach(terminal) {
      await terminal.answer('How will it end', 'l');
      await terminal.answer('21  close-race', 'g');
      await terminal.shows('Go to lab');
    },
  },
];

for (const { part, state, reach } of PARTS) {
  test.serial(
    `Ctrl-C in ${part}: status 130, the terminal is given back, nothing is left`,
    async (t) => {
      t.timeout(300_000);
      const { workshop, own } = workshopWith(t, state);
      const terminal = new Terminal(t, { workshop });
      await reach(terminal, own);
      terminal.press(CTRL_C);
      await terminal.shows('interrupted: cleaning up');
      const { status, settings } = await terminal.ended();
      t.is(status, EXIT.interrupted);
      isGivenBack(t, settings);
      await terminal.isEmpty();
      await isWhole(t, workshop, state);
    },
  );

  test.serial(
    `a terminal that is closed in ${part}: nothing is left, and the state is whole`,
    async (t) => {
      t.timeout(300_000);
      const { workshop, own } = workshopWith(t, state);
      const terminal = new Terminal(t, { workshop });
      await reach(terminal, own);
      terminal.hangUp();
      // The kernel sends SIGHUP again when the shell, the session's leader, ends. By then an orchestrator with nothing
      // to clean up may have given its handlers back, and that signal ends it.
      t.true([EXIT.interrupted, 128 + SIGHUP].includes(await terminal.statusWithout()));
      await isWhole(t, workshop, state);
    },
  );
}

/** The state is what it was, but for a prediction, and no half of a file lies beside it. */
async function isWhole(
  t: ExecutionContext,
  workshop: string,
  state: string | undefined,
): Promise<void> {
  const file = join(workshop, 'progress.yaml');
  t.is(existsSync(file), state !== undefined);
  t.deepEqual(
    readdirSync(workshop).filter((name) => name.endsWith('.new')),
    [],
  );
  const progress = await Progress.read(file);
  t.is(progress.language, state === undefined ? undefined : 'python');
  t.is(progress.lab('01-hello').ran, undefined);
}

test.serial('Ctrl-D leaves, with status 0', async (t) => {
  const { workshop } = workshopWith(t, PYTHON);
  const terminal = new Terminal(t, { workshop });
  await terminal.answer('How will it end', CTRL_D);
  const { status, settings } = await terminal.ended();
  t.is(status, EXIT.pass);
  isGivenBack(t, settings);
});

for (const [what, env, columns] of [
  ['without colour', { NO_COLOR: '1' }, 80],
  ['on a terminal without codes', { TERM: 'dumb' }, 80],
] as const) {
  test.serial(`${what} nothing is coloured, and no code is written`, async (t) => {
    t.timeout(200_000);
    const { workshop, own } = workshopWith(t, AT_EXERCISE);
    const terminal = new Terminal(t, { workshop, env, columns });
    await terminal.answer('Exercise retry', 'r');
    await terminal.answer('✘ it ends with status 0', 'h');
    await terminal.answer('It did not try another one.', 'x');
    await terminal.answer('begins anew?', 'y');
    await terminal.answer('How will it end', 'q');
    const { status } = await terminal.ended();
    t.is(status, EXIT.pass);
    t.true(existsSync(own));
    t.false(terminal.raw.includes('\u001b'), JSON.stringify(terminal.raw));
  });
}

test.serial('a terminal of 40 columns: what can be broken into lines is', async (t) => {
  t.timeout(200_000);
  const { workshop } = workshopWith(t, AT_EXERCISE);
  const terminal = new Terminal(t, { workshop, columns: 40 });
  const task = await terminal.answer('Exercise retry', 'r');
  await terminal.answer('✘ it ends with status 0', 'h');
  const hint = await terminal.answer('It did not try another\none.', 'q');
  const long = `${task}${hint}`
    .split('\n')
    .filter((line) => line.length > 40 && line.includes(' '));
  t.deepEqual(long, []);
  t.is((await terminal.ended()).status, EXIT.pass);
});
