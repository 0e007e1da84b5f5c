import test from 'ava';
import { Processors, parseList } from '../../runners/engines/local/processors.ts';

test('lists of processors are read as the kernel writes them', (t) => {
  t.deepEqual(parseList('0'), [0]);
  t.deepEqual(parseList('0-3,8'), [0, 1, 2, 3, 8]);
});

test('processors are handed out in turn, and only those that are allowed', (t) => {
  const processors = new Processors();
  const first = processors.next();
  const taken = [first];
  for (let next = processors.next(); next !== first; next = processors.next()) taken.push(next);
  t.is(new Set(taken).size, taken.length);
});
