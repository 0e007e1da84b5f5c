import test from 'ava';
import { HELP, LIST, promptOf, QUIT, SKIP } from '../../../runners/workshop/visit/key.ts';
import { CTRL_C, CTRL_D, consoleOf, ENTER, NOISE } from './_visit.ts';

const KEYS = [{ key: '\n', name: 'next', does: 'go on' }, LIST] as const;

test('a question tells its keys, and the key that was pressed stands behind it', async (t) => {
  const { console, seen } = consoleOf(['l']);
  t.is(await console.ask({ keys: KEYS }), 'l');
  t.is(seen(), '\nEnter next · l list · q quit · ? help l\n');
});

test('Enter is no letter, and leaves no trace', async (t) => {
  const { console, seen } = consoleOf([ENTER]);
  t.is(await console.ask({ keys: KEYS }), '\n');
  t.is(seen(), '\nEnter next · l list · q quit · ? help \n');
});

test('keys that mean nothing are passed over, and upper case is the same', async (t) => {
  const { console } = consoleOf([`${NOISE.join('')}L`, `${NOISE.join('')}B`]);
  t.is(await console.ask({ keys: KEYS }), 'l');
  t.is(await console.choose(3, { keys: KEYS }), 1);
});

for (const [what, key] of [
  ['q', 'q'],
  ['Q', 'Q'],
  ['Ctrl-D', CTRL_D],
  ['Ctrl-C', CTRL_C],
] as const) {
  test(`${what} quits each question`, async (t) => {
    t.is(await consoleOf([key]).console.ask({ keys: KEYS }), 'quit');
    t.is(await consoleOf([key]).console.choose(2, { keys: [] }), 'quit');
    if (key.toLowerCase() !== 'q') {
      t.is(await consoleOf(['1', key]).console.line('Lab', '0123456789', 2), 'quit');
    }
  });
}

test('a terminal that is closed quits the question, and all that follow', async (t) => {
  const { console, terminal } = consoleOf([() => terminal.emit('end'), 'l']);
  t.is(await console.ask({ keys: KEYS }), 'quit');
  t.true(console.interrupted);
  t.is(await console.ask({ keys: KEYS }), 'quit');
});

test('an interruption quits the question, those that follow, and counts before a key', async (t) => {
  const { console, interrupt, terminal } = consoleOf([() => interrupt()]);
  t.is(await console.ask({ keys: KEYS }), 'quit');
  t.true(console.interrupted);
  terminal.emit('data', 'l');
  t.is(await console.ask({ keys: KEYS }), 'quit');
  t.is(await console.line('Lab', '12', 2), 'quit');
});

test('? shows the question again and what each key does, and asks again', async (t) => {
  const { console, seen } = consoleOf(['?', '?', 'b']);
  const again = ['Which?', '  a  one', '  b  other'];
  t.is(await console.choose(2, { keys: [SKIP], again }), 1);
  const prompt = '\na/b · s skip · q quit · ? help ';
  const help = [
    ...['', ...again, '', '  a/b    your answer', `  s      ${SKIP.does}`],
    ...[`  q      ${QUIT.does}`, `  ?      ${HELP.does}`, ''],
  ].join('\n');
  t.is(seen(), `${prompt}?\n${help}${prompt}?\n${help}${prompt}b\n`);
});

test('an event is an answer, and a key that is pressed after it is for the next question', async (t) => {
  const { console, terminal } = consoleOf([() => {}, () => terminal.emit('data', 'l')]);
  t.is(await console.ask({ keys: KEYS, event: Promise.resolve('saved' as const) }), 'saved');
  t.is(await console.ask({ keys: KEYS, event: new Promise<'saved'>(() => {}) }), 'l');
});

test('what goes wrong with an event is told', async (t) => {
  const { console } = consoleOf([() => {}]);
  const event = Promise.reject(new Error('no luck'));
  await t.throwsAsync(console.ask({ keys: KEYS, event }), { message: 'no luck' });
});

test('keys that are pressed during something answer no later question', async (t) => {
  const { console, terminal } = consoleOf(['l']);
  t.is(await console.during((async () => terminal.emit('data', '\r\r'))()), true);
  t.is(await console.ask({ keys: KEYS }), 'l');
  await t.throwsAsync(console.during(Promise.reject(new Error('no luck'))), { message: 'no luck' });
});

test('a number is typed with Enter; what is no digit is passed over, Backspace takes one back', async (t) => {
  const line = (...keys: string[]) => {
    const { console, seen } = consoleOf(keys.flatMap((key) => [...key]));
    return Promise.all([console.line('Go to lab:', '0123456789', 2)]).then(([typed]) => [
      typed,
      seen(),
    ]);
  };
  t.deepEqual(await line(`x1\u007f\u007f04${ENTER}`.replace('x', '')), [
    '04',
    '\nGo to lab: 1\b \b04\n',
  ]);
  t.deepEqual(await line(ENTER), ['', '\nGo to lab: \n']);
  t.deepEqual(await line(`123\b4${ENTER}`), ['14', '\nGo to lab: 12\b \b4\n']);
});

test('keys that are no digits are passed over in a number', async (t) => {
  const { console } = consoleOf([`${NOISE.join('').replace('7', '')}q4`, ENTER]);
  t.is(await console.line('Go to lab:', '0123456789', 2), '4');
});

test('prompts are broken between keys, where they are too long', (t) => {
  t.is(promptOf(4, [...KEYS, SKIP, QUIT], 31), 'a/b/c/d · Enter next · l list\ns skip · q quit');
  t.is(promptOf(10, [QUIT], 80), 'a to j · q quit');
  t.is(promptOf(0, [QUIT], 3), 'q quit');
});

test('paragraphs are as wide as the terminal, whatever it is', (t) => {
  for (const columns of [20, 40, 80, 100]) {
    const { console, seen } = consoleOf([], columns);
    console.say('', 'word '.repeat(60).trim());
    const longest = Math.max(
      ...seen()
        .split('\n')
        .map(({ length }) => length),
    );
    t.true(longest <= columns && longest > columns - 6, `${longest} of ${columns}`);
  }
  t.is(consoleOf([], 0).console.screen.columns, 80);
});
