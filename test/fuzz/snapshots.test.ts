// The fuzzer's own snapshots must be good ones: else it only reads what is refused at once.
import test from 'ava';
import { archive, foreign } from '../../runners/fuzz/snapshots.ts';
import { Random } from '../../runners/random.ts';

test('a run without a change is shown', (t) => {
  for (const seed of foreign.seeds) t.regex(foreign.read(seed, new Random(1)), /^shown [1-9]\d/);
});

test('an archive without a change is read, the last of them to its end', (t) => {
  const outcomes = archive.seeds.map((seed) => archive.read(seed, new Random(1)));
  t.true(outcomes.every((outcome) => outcome.startsWith('read,')));
  t.is(outcomes.at(-1), 'read,read');
});
