import test from 'ava';
import { EnvironmentError } from '../../../runners/user-error.ts';
import { Checks } from '../../../runners/workshop/visit/checks.ts';
import { LANGUAGES } from '../../_observation.ts';
import { checkedOf, RETRY } from './_visit.ts';

const ASSIGNMENT = { ...RETRY, language: LANGUAGES.python };
const LACKS = new EnvironmentError('Docker does not answer.');

/** Checkers, opened one after the other, each check of which answers so; what is done to them. */
function checksOf(...answers: readonly (Error | 'passes' | 'cannot be opened')[]) {
  const done: string[] = [];
  const left = [...answers];
  const checks = new Checks(async () => {
    done.push('open');
    if (left[0] === 'cannot be opened') {
      left.shift();
      throw LACKS;
    }
    return {
      check: async () => {
        done.push('check');
        const answer = left.shift();
        if (answer instanceof Error) throw answer;
        return checkedOf('pass');
      },
      close: async () => {
        done.push('close');
      },
    };
  });
  return { done, check: () => checks.check(ASSIGNMENT, ''), close: () => checks.close() };
}

test('one checker serves all checks, and is opened with the first', async (t) => {
  const { done, check, close } = checksOf('passes', 'passes');
  await close();
  t.deepEqual(done, []);
  await check();
  t.is((await check()).verdict, 'pass');
  await close();
  await close();
  t.deepEqual(done, ['open', 'check', 'check', 'close']);
});

test('what could not be opened is tried again', async (t) => {
  const { done, check, close } = checksOf('cannot be opened', 'passes');
  await t.throwsAsync(check(), { is: LACKS });
  await check();
  await close();
  t.deepEqual(done, ['open', 'open', 'check', 'close']);
});

test('what a lab lacks costs no checker', async (t) => {
  const { done, check } = checksOf(LACKS, 'passes');
  await t.throwsAsync(check(), { is: LACKS });
  await check();
  t.deepEqual(done, ['open', 'check', 'check']);
});

test('a checker that has failed is closed, and another is opened', async (t) => {
  const lost = new Error('the host is gone');
  const { done, check } = checksOf(lost, 'passes');
  await t.throwsAsync(check(), { is: lost });
  await check();
  t.deepEqual(done, ['open', 'check', 'close', 'open', 'check']);
});

test('who closes while a checker is being opened closes it', async (t) => {
  const { done, check, close } = checksOf('passes');
  const checking = check();
  await close();
  await checking;
  t.true(done.includes('close'));
});
