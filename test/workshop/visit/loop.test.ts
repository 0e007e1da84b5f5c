import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import test from 'ava';
import { throughLessons } from '../../../runners/workshop/visit/loop.ts';
import { CRASH, CTRL_C, CTRL_D, checkedOf, ENTER, HELLO, IDLE, TIME, visitOf } from './_visit.ts';

const DONE_HELLO = `  01-hello: { predicted: read ok, ran: ${TIME} }\n`;
const DONE_CRASH = `  04-crash-server: { predicted: read eof, ran: ${TIME}, solved: { retry: ${TIME} } }\n`;
const stateOf = (...labs: readonly string[]) => `version: 1\nlabs:\n${labs.join('')}`;

test('the whole way: predict, run, explain, next, predict, run, explain, exercise, solution, next', async (t) => {
  const verdicts = ['fail', 'pass'] as const;
  let checks = 0;
  const made = visitOf(t, {
    deeds: [
      ...['c', ENTER, ENTER, 'b', ENTER, ENTER],
      ...[() => writeFileSync(made.own, 'wrong'), 'h', () => writeFileSync(made.own, 'right')],
      ...['m', ENTER, 'q'],
    ],
    check: async () => checkedOf(verdicts[checks++] ?? 'fail'),
  });
  await throughLessons(made.visit);
  t.deepEqual(made.left, []);
  const text = made.seen();
  const titles = [...text.matchAll(/^Lab (\d\d) · .*?(\d of 3)$/gm)].map(([, lab, done]) => [
    lab,
    done,
  ]);
  t.deepEqual(titles, [
    ['01', '0 of 3'],
    ['04', '1 of 3'],
    ['12', '2 of 3'],
  ]);
  t.true(text.includes('\nHint 1 of 3\n'));
  t.regex(text, /^def ask_once|^def main/m);
  t.is((await made.kept(HELLO)).predicted, 'read ECONNRESET');
  const { ran, solved, ...kept } = await made.kept(CRASH);
  t.deepEqual(kept, { predicted: 'read eof', hints: { retry: 1 } });
  t.truthy(ran && solved?.retry);
});

test('who comes back is where he was', async (t) => {
  const state = stateOf(DONE_HELLO, `  04-crash-server: { predicted: read eof, ran: ${TIME} }\n`);
  const { visit, seen } = visitOf(t, { deeds: ['q'], state });
  await throughLessons(visit);
  t.regex(seen(), /^\nLab 04 [\s\S]*\nExercise retry: /);
});

test('who skips a lab comes to the next, and can go back to it', async (t) => {
  const { visit, seen, kept } = visitOf(t, { deeds: ['s', 's', 'l', 'g', '1', ENTER, 'q'] });
  await throughLessons(visit);
  const titles = [...seen().matchAll(/^Lab (\d\d)/gm)].map(([, lab]) => lab);
  t.deepEqual(titles, ['01', '04', '12', '01']);
  t.is((await kept(HELLO)).skipped, false);
  t.is((await kept(CRASH)).skipped, true);
  t.is((await kept(IDLE)).skipped, undefined);
});

test('behind a lab that was gone to comes the next one, and then what was passed over', async (t) => {
  const state = stateOf(DONE_CRASH);
  const { visit, seen } = visitOf(t, {
    deeds: ['l', 'g', '4', ENTER, ENTER, 's', 'q'],
    state,
  });
  await throughLessons(visit);
  const titles = [...seen().matchAll(/^Lab (\d\d)/gm)].map(([, lab]) => lab);
  t.deepEqual(titles, ['01', '04', '12', '01']);
});

test('a lab that is done can be run again, shows its solution, and can begin anew', async (t) => {
  const made = visitOf(t, {
    deeds: [
      'l',
      'g',
      '0',
      ENTER,
      'g',
      '4',
      ENTER,
      'm',
      'r',
      ENTER,
      ENTER,
      'l',
      'g',
      '4',
      ENTER,
      'x',
      'y',
      'q',
    ],
    state: stateOf(DONE_CRASH),
  });
  mkdirSync(dirname(made.own));
  writeFileSync(made.own, 'mine');
  await throughLessons(made.visit);
  t.deepEqual(made.left, []);
  const text = made.seen();
  t.true(text.includes('\nThere is no lab 0.\n'));
  t.true(text.includes('\nThis lab is done.\nA crash is no silence.\n'));
  t.true(
    text.includes(
      '\nEnter next · r run again · m solution · l list · x reset · q quit · ? help m\n',
    ),
  );
  t.true(text.includes('\nRunning lab 04 …\n'));
  t.true(text.endsWith('\na/b/c · l list · s skip · q quit · ? help q\n'));
  t.deepEqual(await made.kept(CRASH), {});
  t.is(readFileSync(`${made.own}.old`, 'utf8'), 'mine');
});

test('a lab without an exercise has no solution', async (t) => {
  const { visit, seen } = visitOf(t, {
    deeds: ['l', 'g', '1', ENTER, 'mq'],
    state: stateOf(DONE_HELLO),
  });
  await throughLessons(visit);
  t.true(seen().endsWith('\nEnter next · r run again · l list · x reset · q quit · ? help q\n'));
});

test('in the end all is done, and the list is still there', async (t) => {
  const { visit, seen, left } = visitOf(t, {
    deeds: ['l', ENTER, 'q'],
    lessons: [HELLO, CRASH],
    state: stateOf(DONE_HELLO, DONE_CRASH),
  });
  await throughLessons(visit);
  t.deepEqual(left, []);
  t.is(seen().split('\nAll labs are done.\n\nl list · q quit · ? help ').length, 3);
});

test('in the end what was skipped is named, and is no lab that is done', async (t) => {
  const { visit, seen } = visitOf(t, {
    deeds: ['s', 's', 'l', 'g', '1', '2', ENTER, 'q'],
    state: stateOf(DONE_HELLO),
  });
  await throughLessons(visit);
  const text = seen();
  t.true(text.includes('\nAll labs are done but those that you skipped: 04, 12.\n'));
  t.regex(
    text,
    /\nLab 12 · idle-timeout [\s\S]*\na\/b\/c · l list · s skip · q quit · \? help q\n$/,
  );
});

test('a lab that was solved in another window is passed over', async (t) => {
  const other = () => {
    writeFileSync(made.visit.state, stateOf(DONE_HELLO, DONE_CRASH));
    made.press('s');
  };
  const made = visitOf(t, { deeds: [other, 'q'] });
  await throughLessons(made.visit);
  const titles = [...made.seen().matchAll(/^Lab (\d\d)/gm)].map(([, lab]) => lab);
  t.deepEqual(titles, ['01', '12']);
});

for (const [what, key] of [
  ['Ctrl-C', CTRL_C],
  ['Ctrl-D', CTRL_D],
] as const) {
  test(`${what} leaves in the end, too, in the list and in a number`, async (t) => {
    const state = stateOf(DONE_HELLO, DONE_CRASH);
    for (const deeds of [
      [key],
      ['l', key],
      ['l', 'g', key],
      ['l', 'x', key],
      ['l', 'x', '1', ENTER, key],
    ]) {
      const { visit, left, state: text } = visitOf(t, { deeds, lessons: [HELLO, CRASH], state });
      await throughLessons(visit);
      t.deepEqual(left, []);
      t.is(text(), state);
    }
  });
}

test('an interruption ends the visit wherever it is', async (t) => {
  for (const deeds of [
    [],
    ['c'],
    ['c', ENTER],
    ['c', ENTER, ENTER],
    ['c', ENTER, ENTER, 'b', ENTER, ENTER],
    ['l'],
    ['l', 'g'],
    ['l', 'x', '1', ENTER],
  ]) {
    const made = visitOf(t, { deeds: [...deeds, () => made.interrupt()] });
    await throughLessons(made.visit);
    t.deepEqual(made.left, []);
    t.true(made.visit.console.interrupted);
  }
});

test('a visit that was interrupted before it began does nothing', async (t) => {
  const { visit, interrupt, own } = visitOf(t, { deeds: [] });
  interrupt();
  await throughLessons(visit);
  t.false(existsSync(visit.state));
  t.false(existsSync(own));
});
