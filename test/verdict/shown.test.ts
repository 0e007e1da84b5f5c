// A read may say something else than what has happened to it.

import test from 'ava';
import type { Errno } from '../../runners/catalog/errno.ts';
import type { StepOutcome } from '../../runners/catalog/expectation.ts';
import { shownBy } from '../../runners/verdict/shown.ts';

const shown = (outcomes: StepOutcome[], of: { hides?: Errno[]; endsAs?: Errno }) =>
  shownBy(outcomes, of).map(({ happens, shown }) =>
    happens === shown ? shown : `${happens} as ${shown}`,
  );

test('a language without peculiarities says what happens', (t) => {
  const outcomes: StepOutcome[] = ['connect ok', 'send ok', 'read ECONNRESET'];
  t.deepEqual(shown(outcomes, {}), outcomes);
});

test('a hidden errno looks as the end of file, after which a client closes', (t) => {
  t.deepEqual(shown(['read ECONNRESET', 'backoff ok', 'connect ok'], { hides: ['ECONNRESET'] }), [
    'read ECONNRESET as read eof',
    'close ok',
    'backoff ok',
    'connect ok',
  ]);
});

test('only reads hide, and only what is said', (t) => {
  const outcomes: StepOutcome[] = ['send ECONNRESET', 'read EPIPE', 'read TIMEOUT', 'read blocked'];
  t.deepEqual(shown(outcomes, { hides: ['ECONNRESET', 'ETIMEDOUT'] }), outcomes);
});

test('an end of file that is made an error ends the client', (t) => {
  t.deepEqual(shown(['read ok', 'read eof', 'close ok'], { endsAs: 'ECONNRESET' }), [
    'read ok',
    'read eof as read ECONNRESET',
  ]);
  t.deepEqual(shown(['read ok', 'close ok'], { endsAs: 'ECONNRESET' }), ['read ok', 'close ok']);
});
