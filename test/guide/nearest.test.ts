import test from 'ava';
import { nearest, tellingLines } from '../../runners/guide/nearest.ts';
import { entryOf } from './_entries.ts';

const ALL = [
  entryOf('lua: read ECONNRESET', 'Error: the connection was reset'),
  entryOf('lua: connect ECONNREFUSED', 'Error: nobody listens there'),
  entryOf('lua: send EPIPE', 'Error: the pipe is broken'),
];
const near = (text: string, count = 1) => nearest(text, ALL, count).map(({ errno }) => errno);

test('the likest come first, whatever the order of their words', (t) => {
  t.deepEqual(near('the pipe was broken'), ['EPIPE']);
  t.deepEqual(near('RESET was the connection'), ['ECONNRESET']);
  t.is(near('there nobody listens', 3)[0], 'ECONNREFUSED');
});

test('of a long text the likest line counts', (t) => {
  // All lines together are like another one.
  const others = ['Error the', 'the pipe', 'pipe is', 'is broken'];
  t.deepEqual(near([...others, 'nobody listen'].join(' ')), ['EPIPE']);
  t.deepEqual(near([...others, 'nobody listen'].join('\n')), ['ECONNREFUSED']);
});

test('texts that are the same are shown once', (t) => {
  const [first] = ALL;
  if (!first) return t.fail();
  const also = { ...first, step: 'wait' as const };
  t.deepEqual(nearest('reset', [first, also, ...ALL.slice(1)], 3).length, 3);
  t.deepEqual(nearest('the connection was reset', [first, also], 3), [first]);
});

test('nothing is like nothing, and that is no failure', (t) => {
  t.is(near('', 3).length, 3);
  t.is(near('§', 3).length, 3);
});

test('of a stack trace the line that names an error counts', (t) => {
  const trace = [
    'node:events:502',
    '      throw er;',
    'Error: nobody is there',
    '    at pipe.broken',
  ];
  t.deepEqual(tellingLines(trace.join('\n')), ['Error: nobody is there']);
  t.deepEqual(near(trace.join('\n')), ['ECONNREFUSED']);
  t.deepEqual(tellingLines(' one \n\ntwo'), ['one', 'two']);
  t.deepEqual(tellingLines('java.lang.OutOfMemoryError: Java heap space').length, 1);
});

test('what stands for what changes is like nothing', (t) => {
  const all = [entryOf('lua: read EOF', 'Gone: {address} {address}'), ...ALL];
  t.not(nearest('the address', all, 1)[0]?.errno, 'EOF');
});
