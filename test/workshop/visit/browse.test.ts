import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import test from 'ava';
import { browse } from '../../../runners/workshop/visit/browse.ts';
import {
  AT_EXERCISE,
  CRASH,
  CTRL_C,
  CTRL_D,
  ENTER,
  HELLO,
  IDLE,
  NOISE,
  TIME,
  visitOf,
} from './_visit.ts';

const STATE = `${AT_EXERCISE}  01-hello: { predicted: read ok, ran: ${TIME} }
  12-idle-timeout: { skipped: true }
`;
const KEYS = (filter: string) =>
  `\nEnter back · g go to · f ${filter} · x reset · q quit · ? help `;

test('the list shows all labs, and leads back', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: [`${NOISE.join('')}slhrpm${ENTER}`], state: STATE });
  t.is(await browse(CRASH, visit), undefined);
  t.is(
    seen(),
    [
      '',
      '       lab           exercises  next',
      '✔  01  hello         –',
      '   04  crash-server  retry      exercise retry',
      '–  12  idle-timeout  validate   predict',
      `${KEYS('todo')}\n`,
    ].join('\n'),
  );
});

test('f leads through what is to do, what is done, what was skipped, and back to all', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: ['f', 'F', 'f', 'f', ENTER], state: STATE });
  await browse(CRASH, visit);
  const shown = seen()
    .split(/\nEnter back.*\n/)
    .map((list) =>
      [...list.matchAll(/^Only .*$|^.. {2}\d\d|^. {2}(\d\d)/gm)].map(([all, lab]) => lab ?? all),
    );
  t.deepEqual(shown, [
    ['01', '04', '12'],
    ['Only todo:', '04'],
    ['Only done:', '01'],
    ['Only skipped:', '12'],
    ['01', '04', '12'],
    [],
  ]);
});

test('where there are none of them it says so', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: ['f', 'f', ENTER] });
  await browse(CRASH, visit);
  t.true(seen().includes('\nOnly done:\nNone.\n'));
});

for (const [typed, lesson] of [
  ['1', HELLO],
  ['04', CRASH],
  ['12', IDLE],
] as const) {
  test(`g ${typed} goes to lab ${lesson.number}`, async (t) => {
    const { visit } = visitOf(t, { deeds: ['g', ...typed, ENTER] });
    t.deepEqual(await browse(CRASH, visit), { to: lesson });
  });
}

test('a number that is no lab is told, and none goes nowhere', async (t) => {
  const { visit, seen, left } = visitOf(t, {
    deeds: ['g', '9', '9', ENTER, 'g', `a${ENTER}`, ENTER],
  });
  t.is(await browse(CRASH, visit), undefined);
  t.deepEqual(left, []);
  t.is(seen().split('There is no lab 99.').length, 2);
});

test('x begins one lab anew, and another stays where it was', async (t) => {
  const { visit, kept, seen } = visitOf(t, { deeds: ['x', '1', ENTER, 'Y', ENTER], state: STATE });
  t.is(await browse(CRASH, visit), undefined);
  t.deepEqual(await kept(HELLO), {});
  t.is((await kept(CRASH)).predicted, 'read eof');
  const text = seen();
  t.true(text.includes('\nReset lab (its number, or a for all, then Enter): 1\n'));
  t.true(text.includes('\nLab 01 · hello begins anew.\n'));
});

test('who begins the lab anew in which he is comes back to its beginning', async (t) => {
  const { visit } = visitOf(t, { deeds: ['x', '4', ENTER, 'y', ENTER], state: STATE });
  t.deepEqual(await browse(CRASH, visit), { to: CRASH });
});

test('x a begins all labs anew; the language and the own files are kept', async (t) => {
  const state = STATE.replace('labs:', 'language: python\nlabs:');
  const made = visitOf(t, { deeds: ['x', 'a', ENTER, 'y', ENTER], state });
  mkdirSync(dirname(made.own));
  writeFileSync(made.own, 'mine');
  t.deepEqual(await browse(CRASH, made.visit), { to: CRASH });
  t.is(made.state(), 'version: 1\nlanguage: python\n');
  t.is(readFileSync(`${made.own}.old`, 'utf8'), 'mine');
  t.regex(made.seen().replaceAll('\n', ' '), /ask\.py is new; what was there: [^ ]+ask\.py\.old /);
});

for (const [what, keys, move] of [
  ['Enter', [ENTER, ENTER], undefined],
  ['q', ['q'], 'quit'],
  ['Ctrl-C', [CTRL_C], 'quit'],
  ['Ctrl-D', [CTRL_D], 'quit'],
] as const) {
  test(`${what} begins nothing anew`, async (t) => {
    for (const lab of ['4', 'a']) {
      const deeds = ['x', lab, ENTER, `${NOISE.join('')}n${keys[0]}`, ...keys.slice(1)];
      const { visit, state, own } = visitOf(t, { deeds, state: STATE });
      t.is(await browse(CRASH, visit), move);
      t.is(state(), STATE);
      t.false(existsSync(own));
    }
  });
}
