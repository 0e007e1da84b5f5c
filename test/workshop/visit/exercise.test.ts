import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import test from 'ava';
import { EnvironmentError } from '../../../runners/user-error.ts';
import { Progress } from '../../../runners/workshop/own/progress.ts';
import { exercise } from '../../../runners/workshop/visit/exercise.ts';
import {
  AT_EXERCISE,
  CRASH,
  CTRL_C,
  CTRL_D,
  checkedOf,
  ENTER,
  IDLE,
  NOISE,
  RETRY,
  SHOWN,
  TIME,
  visitOf,
} from './_visit.ts';

const STATE = AT_EXERCISE;
const KEYS = '\nh hint · r run · p packets · l list · s skip · x reset · q quit · ? help ';
const pass = async () => checkedOf('pass');

test('the program that is given is laid out, and it is said where, and what to do', async (t) => {
  const { visit, seen, own } = visitOf(t, { deeds: ['q'], state: STATE });
  t.is(await exercise(CRASH, RETRY, visit), 'quit');
  t.regex(readFileSync(own, 'utf8'), /^import /m);
  const text = seen();
  t.true(text.replaceAll('\n', ' ').includes(`Exercise retry: ${own}`));
  t.true(text.includes('\nLet your client get its reply all the same.\n'));
  t.true(text.endsWith(`${KEYS}q\n`));
});

test('what a participant has is not laid over', async (t) => {
  const { visit, own } = visitOf(t, { deeds: ['q'], state: STATE });
  mkdirSync(dirname(own));
  writeFileSync(own, 'mine');
  await exercise(CRASH, RETRY, visit);
  t.is(readFileSync(own, 'utf8'), 'mine');
});

for (const [what, key, move] of [
  ['s', 's', 'skip'],
  ['q', 'q', 'quit'],
  ['Ctrl-C', CTRL_C, 'quit'],
  ['Ctrl-D', CTRL_D, 'quit'],
] as const) {
  test(`${what} leaves the exercise, and nothing was checked`, async (t) => {
    const { visit, checked, kept } = visitOf(t, {
      deeds: [`${NOISE.join('')}${ENTER}am${key}`],
      state: STATE,
    });
    const before = await kept(CRASH);
    t.is(await exercise(CRASH, RETRY, visit), move);
    t.deepEqual(checked, []);
    t.deepEqual(await kept(CRASH), before);
  });
}

test('a save is checked, it is said what is checked, and what came of it', async (t) => {
  const made = visitOf(t, { deeds: [() => writeFileSync(made.own, 'mine'), 'q'], state: STATE });
  await exercise(CRASH, RETRY, made.visit);
  t.deepEqual(made.checked, ['mine']);
  const text = made.seen();
  t.regex(
    text,
    /\nChecking [^ ]+ask\.py …\n\n[\s\S]*\n {2}✘ it prints the reply {2}none\n\nh hint/,
  );
  // What follows from it is the first hint, for who asks.
  t.false(text.includes(SHOWN));
  t.true(text.endsWith(`${KEYS}q\n`));
});

test('r checks without a save', async (t) => {
  const { visit, checked, own } = visitOf(t, { deeds: ['R', 'q'], state: STATE });
  await exercise(CRASH, RETRY, visit);
  t.deepEqual(checked, [readFileSync(own, 'utf8')]);
});

test('what passes is solved, kept, and explained', async (t) => {
  const { visit, seen, kept } = visitOf(t, { deeds: ['r', ENTER], state: STATE, check: pass });
  t.is(await exercise(CRASH, RETRY, visit), 'on');
  t.regex((await kept(CRASH)).solved?.retry ?? '', /^\d{4}-/);
  t.true(seen().includes('\nSolved.\nWhy that was right.\n'));
});

test('a save while a check runs is checked after it', async (t) => {
  const made = visitOf(t, {
    deeds: ['r', () => {}, 'q'],
    state: STATE,
    check: async (_, text) => {
      if (text !== 'second') writeFileSync(made.own, 'second');
      return checkedOf('fail');
    },
  });
  await exercise(CRASH, RETRY, made.visit);
  t.deepEqual(made.checked.slice(1), ['second']);
});

test('two saves at once are one check, of the second', async (t) => {
  const saveTwice = () => {
    writeFileSync(made.own, 'first');
    writeFileSync(made.own, 'second one');
  };
  // Longer than a change takes to be seen.
  const later = () => void setTimeout(() => made.press('h'), 800);
  const made = visitOf(t, { deeds: [saveTwice, later, 'q'], state: STATE });
  await exercise(CRASH, RETRY, made.visit);
  t.deepEqual(made.checked, ['second one']);
  t.deepEqual(made.left, []);
});

test('keys that are pressed during a check answer nothing; Ctrl-C does', async (t) => {
  const made = visitOf(t, {
    deeds: ['r'],
    state: STATE,
    check: async () => {
      made.press(`shq${CTRL_C}`);
      throw new Error('the hosts are gone');
    },
  });
  t.is(await exercise(CRASH, RETRY, made.visit), 'quit');
  t.false(made.seen().includes('the hosts are gone'));
});

test('an interruption during a check solves nothing, whatever the check has shown', async (t) => {
  const made = visitOf(t, {
    deeds: ['r'],
    state: STATE,
    check: async () => {
      made.interrupt();
      return checkedOf('pass');
    },
  });
  t.is(await exercise(CRASH, RETRY, made.visit), 'quit');
  t.false(made.seen().includes('it prints the reply'));
  t.is((await made.kept(CRASH)).solved, undefined);
});

for (const [what, error] of [
  [
    'the environment lacks something',
    new EnvironmentError('`nft` is missing: apt-get install nftables'),
  ],
  ['a host was lost', new Error('`nft` is missing: apt-get install nftables')],
] as const) {
  test(`where a check cannot be made because ${what}, it is said why, and asked again`, async (t) => {
    let checks = 0;
    const { visit, seen, kept } = visitOf(t, {
      deeds: ['r', 'h', 'r', ENTER],
      state: STATE,
      check: async () => {
        if (++checks === 1) throw error;
        return checkedOf('pass');
      },
    });
    t.is(await exercise(CRASH, RETRY, visit), 'on');
    const text = seen();
    t.true(
      text.includes(
        `\nLab 04 cannot be checked here: ${error.message}\n${KEYS}h\n\nRun it first (r)`,
      ),
      text,
    );
    t.truthy((await kept(CRASH)).solved?.retry);
  });
}

test('a check of which not all could be seen solves nothing', async (t) => {
  const check = async () => checkedOf('unknown');
  const { visit, seen, kept } = visitOf(t, { deeds: ['r', 'q'], state: STATE, check });
  t.is(await exercise(CRASH, RETRY, visit), 'quit');
  t.true(seen().includes('\n  ? it prints the reply'));
  t.is((await kept(CRASH)).solved, undefined);
});

test('what does not compile shows what the compiler said', async (t) => {
  const compiler = ["Ask.java:3: error: ';' expected"];
  const points = [{ asks: 'it compiles', standing: 'not met', shows: 'it does not' }] as const;
  const check = async () => checkedOf('fail', { ran: null, points, compiler });
  const { visit, seen, kept } = visitOf(t, { deeds: ['r', 'h', 'p', 'q'], state: STATE, check });
  await exercise(CRASH, RETRY, visit);
  const text = seen();
  t.true(
    text.includes(
      `\n\n  the compiler said\n    ${compiler[0]}\n\n  ✘ it compiles  it does not\n${KEYS}h\n`,
    ),
  );
  t.true(text.includes('\nIt does not compile yet: what the compiler says stands above.\n'));
  t.true(text.includes('\nNothing has run yet: r\n'));
  t.is((await kept(CRASH)).hints, undefined);
});

test('packets before anything has run, and after', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: ['p', 'r', 'p', 'q'], state: STATE });
  await exercise(CRASH, RETRY, visit);
  const [before = '', after = ''] = seen().split('Checking');
  t.true(before.includes(`${KEYS}p\n\nNothing has run yet: r\n`));
  t.is(after.split('client ──ACK─').length, 2);
});

test('a file that was deleted is waited for, and laid out again where it is to be checked', async (t) => {
  const made = visitOf(t, {
    deeds: [
      () => {
        rmSync(made.own);
        made.press('h');
      },
      'r',
      () => {
        rmSync(made.own);
        setTimeout(() => writeFileSync(made.own, 'mine'), 600);
      },
      'q',
    ],
    state: STATE,
  });
  await exercise(CRASH, RETRY, made.visit);
  const text = made.seen().replaceAll('\n', ' ');
  t.true(text.includes('ask.py was gone. The program that is given is there again.'));
  t.is(made.checked.length, 2);
  t.regex(made.checked[0] ?? '', /^import /m);
  t.is(made.checked[1], 'mine');
});

test('a file that cannot be read is told', async (t) => {
  const made = visitOf(t, {
    deeds: [
      () => {
        rmSync(made.own);
        mkdirSync(made.own);
      },
      'q',
    ],
    state: STATE,
  });
  await exercise(CRASH, RETRY, made.visit);
  t.regex(made.seen(), /\nLab 04 cannot be checked here:\s\S+ask\.py is a\sfolder\./);
  t.deepEqual(made.checked, []);
});

test('the list leads back to the exercise, or to another lab', async (t) => {
  const { visit } = visitOf(t, { deeds: ['l', ENTER, 'l', 'g', '1', '2', ENTER], state: STATE });
  t.deepEqual(await exercise(CRASH, RETRY, visit), { to: IDLE });
});

test('x begins the lab anew, if that is meant', async (t) => {
  const { visit, own, kept } = visitOf(t, { deeds: ['x', ENTER, 'x', 'y'], state: STATE });
  mkdirSync(dirname(own));
  writeFileSync(own, 'mine');
  t.deepEqual(await exercise(CRASH, RETRY, visit), { to: CRASH });
  t.deepEqual(await kept(CRASH), {});
  t.is(readFileSync(`${own}.old`, 'utf8'), 'mine');
  t.not(readFileSync(own, 'utf8'), 'mine');
});

test('what is solved in another window is seen at once', async (t) => {
  const elsewhere = async () =>
    (await Progress.read(made.visit.state)).set(CRASH.folder, ['solved', 'retry'], TIME);
  const made = visitOf(t, { deeds: [elsewhere, ENTER], state: STATE });
  t.is(await exercise(CRASH, RETRY, made.visit), 'on');
  t.true(made.seen().includes('\nLab 04 was solved elsewhere.\n\nSolved.\n'));
  t.is((await made.kept(CRASH)).solved?.retry, TIME);
});

test('what another window does to other labs, or to the hints, disturbs nobody', async (t) => {
  const elsewhere = async () => {
    const other = await Progress.read(made.visit.state);
    await other.set(IDLE.folder, ['skipped'], true);
    await other.set(CRASH.folder, ['hints', 'retry'], 1);
    setTimeout(() => made.press('h'), 800);
  };
  const made = visitOf(t, { deeds: [elsewhere, 'q'], state: STATE });
  t.is(await exercise(CRASH, RETRY, made.visit), 'quit');
  t.true(made.seen().includes('\nHint 2 of 3\n'));
  t.deepEqual(await made.kept(IDLE), { skipped: true });
});

test('where another window has begun the lab anew, it begins anew here', async (t) => {
  const elsewhere = async () => (await Progress.read(made.visit.state)).forget(CRASH.folder);
  const made = visitOf(t, { deeds: [elsewhere], state: STATE });
  t.deepEqual(await exercise(CRASH, RETRY, made.visit), { to: CRASH });
  t.true(made.seen().includes('\nLab 04 was changed elsewhere.\n'));
});

test('a state that another hand has broken is told, and left as it is', async (t) => {
  const made = visitOf(t, {
    deeds: [() => writeFileSync(made.visit.state, 'labs: [')],
    state: STATE,
  });
  await t.throwsAsync(exercise(CRASH, RETRY, made.visit), {
    message: /progress\.yaml cannot be used/,
  });
  t.is(made.state(), 'labs: [');
  t.true(existsSync(made.own));
});
