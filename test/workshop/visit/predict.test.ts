import test from 'ava';
import { answerOf } from '../../../runners/workshop/lessons/answers.ts';
import { predict } from '../../../runners/workshop/visit/predict.ts';
import { LANGUAGES } from '../../_observation.ts';
import { CRASH, CTRL_C, CTRL_D, ENTER, IDLE, NOISE, visitOf } from './_visit.ts';

const ANSWERS = (['read ok', 'read eof', 'read ECONNRESET'] as const).map((outcome) =>
  answerOf(outcome, LANGUAGES.python),
);

for (const [key, outcome] of [
  ['a', 'read ok'],
  ['b', 'read eof'],
  ['C', 'read ECONNRESET'],
] as const) {
  test(`${key} is the answer of that letter, and is kept`, async (t) => {
    const { visit, seen, kept } = visitOf(t, { deeds: [`${NOISE.join('')}dhrpxm${key}`] });
    t.is(await predict(CRASH, ANSWERS, visit), 'on');
    t.deepEqual(await kept(CRASH), { predicted: outcome });
    t.true(seen().endsWith(`\na/b/c · l list · s skip · q quit · ? help ${key.toLowerCase()}\n`));
  });
}

for (const [what, key, move] of [
  ['s', 's', 'skip'],
  ['q', 'q', 'quit'],
  ['Ctrl-C', CTRL_C, 'quit'],
  ['Ctrl-D', CTRL_D, 'quit'],
] as const) {
  test(`${what} leaves the question without an answer`, async (t) => {
    const { visit, kept } = visitOf(t, { deeds: [`${ENTER}${key}`] });
    t.is(await predict(CRASH, ANSWERS, visit), move);
    t.deepEqual(await kept(CRASH), {});
  });
}

test('the list leads back to the question, or to a lab', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: ['l', ENTER, 'l', 'g', '1', '2', ENTER] });
  t.deepEqual(await predict(CRASH, ANSWERS, visit), { to: IDLE });
  t.is(seen().split('\na/b/c · ').length, 3);
});

test('? asks the question again', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: ['?', 'a'] });
  await predict(CRASH, ANSWERS, visit);
  t.is(seen().split('How will it end for your client in Python?').length, 3);
});
