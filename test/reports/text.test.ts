import test from 'ava';
import { cut, row, screenOf, wrap } from '../../runners/reports/terminal/text.ts';

function screen(env: Readonly<Record<string, string>>, isTTY: boolean, columns?: number) {
  const names = ['NO_COLOR', 'FORCE_COLOR', 'TERM'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) delete process.env[name];
  Object.assign(process.env, env);
  try {
    return screenOf({ isTTY, columns } as NodeJS.WriteStream);
  } finally {
    for (const [index, name] of names.entries()) {
      delete process.env[name];
      if (before[index] !== undefined) process.env[name] = before[index];
    }
  }
}

for (const [env, isTTY, colour] of [
  [{}, true, true],
  [{}, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ TERM: 'xterm' }, true, true],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
] as const) {
  const said = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const where = isTTY ? 'a terminal' : 'a pipe';
  test.serial(
    `${where} with ${said.join(' ') || 'no wish'} has ${colour ? '' : 'no '}colour`,
    (t) => {
      t.is(screen(env, isTTY).colour, colour);
    },
  );
}

test.serial(
  'a screen is as wide as it says, 80 columns at least, and 120 where it does not say',
  (t) => {
    t.is(screen({}, true, 200).columns, 200);
    t.is(screen({}, true, 40).columns, 80);
    t.is(screen({}, false).columns, 120);
  },
);

test('text that is too long is cut with an ellipsis', (t) => {
  t.is(cut('abcdef', 6), 'abcdef');
  t.is(cut('abcdefg', 6), 'abcde…');
  t.is(cut('abc', 0), '…');
});

test('text is broken at spaces', (t) => {
  t.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  t.deepEqual(wrap('one two', 7), ['one two']);
  t.deepEqual(wrap('', 7), []);
});

test('a word that is longer than the line has a line of its own', (t) => {
  t.deepEqual(wrap('a longestword b', 5), ['a', 'longestword', 'b']);
});

test('a row is padded but for its end', (t) => {
  t.is(row(['a', 'bb', 'c'], [3, 2, 5]), 'a    bb  c');
  t.is(row(['a', 'b'], []), 'a  b');
});
