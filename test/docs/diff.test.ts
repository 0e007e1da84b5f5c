import test from 'ava';
import { diff, likeness } from '../../runners/docs/diff.ts';

const TEN = Array.from({ length: 10 }, (_, index) => `line ${index}`);
const text = (lines: readonly string[]) => `${lines.join('\n')}\n`;

test('nothing differs', (t) => {
  t.deepEqual(diff(text(TEN), text(TEN)), []);
  t.is(likeness(text(TEN), text(TEN)), 1);
});

test('a line is changed, with its surroundings', (t) => {
  t.deepEqual(diff(text(TEN), text(TEN.with(4, 'other'))), [
    ...['@@', ' line 2', ' line 3', '-line 4', '+other', ' line 5', ' line 6'],
  ]);
});

test('at the beginning and at the end, apart', (t) => {
  t.deepEqual(diff(text(TEN), text(['first', ...TEN.slice(0, -1)])), [
    ...['@@', '+first', ' line 0', ' line 1', '@@', ' line 7', ' line 8', '-line 9'],
  ]);
});

test('how much is alike', (t) => {
  t.is(likeness('a\nb\nc', 'a\n\nb\nd\ne'), 0.5);
  t.is(likeness('a', ''), 0);
});
