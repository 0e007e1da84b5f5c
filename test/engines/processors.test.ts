import test from 'ava';
import { maskOf, Processors, parseList } from '../../runners/engines/local/processors.ts';

test('lists of processors are read as the kernel writes them', (t) => {
  t.deepEqual(parseList('0'), [0]);
  t.deepEqual(parseList('0-3,8'), [0, 1, 2, 3, 8]);
});

test('a processor is written as a mask of the kernel', (t) => {
  t.deepEqual([0, 1, 5, 31, 32, 40, 64].map(maskOf), [
    ...['1', '2', '20', '80000000', '1,00000000', '100,00000000', '1,00000000,00000000'],
  ]);
});

test('processors are handed out in turn, and only those that are allowed', (t) => {
  const processors = new Processors();
  const first = processors.next();
  const taken = [first];
  for (let next = processors.next(); next !== first; next = processors.next()) taken.push(next);
  t.is(new Set(taken).size, taken.length);
});
