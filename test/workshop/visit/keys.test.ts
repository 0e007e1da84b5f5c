import { EventEmitter } from 'node:events';
import test from 'ava';
import { Keys } from '../../../runners/workshop/visit/keys.ts';

/** A terminal at which nobody sits. */
class Terminal extends EventEmitter {
  isRaw = false;
  isPaused = false;
  encoding: string | undefined;

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }

  setEncoding(encoding: string): this {
    this.encoding = encoding;
    return this;
  }

  pause(): this {
    this.isPaused = true;
    return this;
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.emit('data', key);
  }
}

function atTerminal() {
  const terminal = new Terminal();
  let interruptions = 0;
  const interrupt = () => {
    interruptions += 1;
  };
  const keys = new Keys(terminal as unknown as NodeJS.ReadStream, interrupt);
  return { terminal, keys, interruptions: () => interruptions };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('keys come one by one, without Enter, and the terminal is given back', (t) => {
  const { terminal, keys } = atTerminal();
  t.true(terminal.isRaw);
  t.is(terminal.encoding, 'utf8');
  keys.close();
  t.false(terminal.isRaw);
  t.true(terminal.isPaused);
  t.is(terminal.listenerCount('data'), 0);
});

test('the key that is pressed is the answer', async (t) => {
  const { terminal, keys } = atTerminal();
  const key = keys.one('ab');
  terminal.press('b');
  t.is(await key, 'b');
});

test('keys that are not wanted are passed over', async (t) => {
  const { terminal, keys } = atTerminal();
  const key = keys.one('ab');
  terminal.press('x', ' ', '\t', '\r', 'ö', 'b', 'a');
  t.is(await key, 'b');
  t.is(await keys.one('ab'), 'a');
});

test('Enter is one key, whatever the terminal sends', async (t) => {
  const { terminal, keys } = atTerminal();
  for (const enter of ['\r', '\n']) {
    const key = keys.one('\nr');
    terminal.press(enter);
    t.is(await key, '\n');
  }
});

test('a key in upper case is the same key', async (t) => {
  const { terminal, keys } = atTerminal();
  const key = keys.one('ab');
  terminal.press('B');
  t.is(await key, 'b');
});

test('Ctrl-D is an answer to each question', async (t) => {
  const { terminal, keys } = atTerminal();
  const pressed = keys.one('ab');
  terminal.press('x', Keys.end);
  t.is(await pressed, Keys.end);
  terminal.press(Keys.end);
  t.is(await keys.one(''), Keys.end);
});

test('Ctrl-C interrupts at once, asked or not, and answers no question', async (t) => {
  const { terminal, keys, interruptions } = atTerminal();
  terminal.press('\u0003');
  t.is(interruptions(), 1);
  const pressed = keys.one('ab\u0003');
  terminal.press('\u0003b');
  t.is(interruptions(), 2);
  t.is(await pressed, 'b');
});

test('what was typed ahead can be forgotten, but not the end', async (t) => {
  const { terminal, keys } = atTerminal();
  terminal.press('abc');
  keys.forget();
  terminal.press('b');
  t.is(await keys.one('abc'), 'b');
  terminal.press('a', Keys.end, 'b');
  keys.forget();
  t.is(await keys.one('ab'), Keys.end);
});

test('a terminal that can no longer be read has ended', async (t) => {
  const { terminal, keys } = atTerminal();
  const key = keys.one('ab');
  t.false(keys.isGone);
  terminal.emit('error', new Error('read EIO'));
  t.is(await key, Keys.end);
  t.true(keys.isGone);
  keys.close();
  t.notThrows(() => terminal.emit('error', new Error('setRawMode EIO')));
});

test('the end of the terminal is the same as Ctrl-D', async (t) => {
  const { terminal, keys } = atTerminal();
  const key = keys.one('ab');
  terminal.emit('end');
  t.is(await key, Keys.end);
  t.true(keys.isGone);
});

test('an end that comes before the question is not missed', async (t) => {
  const { terminal, keys } = atTerminal();
  terminal.emit('end');
  t.is(await keys.one('ab'), Keys.end);
});

test('keys typed ahead are kept, in their order, also where they come at once', async (t) => {
  const { terminal, keys } = atTerminal();
  terminal.press('a', 'xbc');
  t.is(await keys.one('abc'), 'a');
  t.is(await keys.one('abc'), 'b');
  t.is(await keys.one('abc'), 'c');
  const key = keys.one('abc');
  terminal.press('ba');
  t.is(await key, 'b');
  t.is(await keys.one('abc'), 'a');
});

test('arrows and other keys that send several characters are no letters', async (t) => {
  const { terminal, keys } = atTerminal();
  const [up, left, f1, remove] = ['\u001b[A', '\u001b[D', '\u001bOP', '\u001b[3~'] as const;
  const [ctrlRight, altB, consoleF1] = ['\u001b[1;5C', '\u001bb', '\u001b[[A'] as const;
  const key = keys.one('abcdopq[~135;');
  terminal.press(up, left, f1, remove, ctrlRight, altB, consoleF1, '\u001b');
  terminal.press('\u001b[Aq\u001b[B');
  t.is(await key, 'q');
  terminal.press('d');
  t.is(await keys.one('abcdopq[~135;'), 'd');
});

test('what is given before a key is pressed is the answer', async (t) => {
  const { keys } = atTerminal();
  t.is(await keys.one('ab', Promise.resolve('saved')), 'saved');
});

test('a key that is pressed before something is given is the answer', async (t) => {
  const { terminal, keys } = atTerminal();
  const key = keys.one('ab', new Promise<string>(() => {}));
  terminal.press('b');
  t.is(await key, 'b');
});

test('after keys that are not wanted what is given is still waited for', async (t) => {
  const { terminal, keys } = atTerminal();
  let give: (what: string) => void = () => {};
  const given = new Promise<string>((resolve) => {
    give = resolve;
  });
  const answer = keys.one('ab', given);
  terminal.press('x');
  await turn();
  give('saved');
  t.is(await answer, 'saved');
});

test('a key pressed after something was given is kept for the next question', async (t) => {
  const { terminal, keys } = atTerminal();
  t.is(await keys.one('ab', Promise.resolve('saved')), 'saved');
  terminal.press('a');
  t.is(await keys.one('ab'), 'a');
});

test('a key that is pressed in the moment in which something is given is not lost', async (t) => {
  const { terminal, keys } = atTerminal();
  let give: (what: string) => void = () => {};
  const given = new Promise<string>((resolve) => {
    give = resolve;
  });
  const first = keys.one('ab', given);
  give('saved');
  terminal.press('a');
  const answers = [await first, await keys.one('ab', given)];
  t.deepEqual(answers.sort(), ['a', 'saved']);
});

test('what goes wrong with what is given is told, and no key is lost by it', async (t) => {
  const { terminal, keys } = atTerminal();
  await t.throwsAsync(keys.one('ab', Promise.reject(new Error('no luck'))), { message: 'no luck' });
  terminal.press('a');
  t.is(await keys.one('ab'), 'a');
});
