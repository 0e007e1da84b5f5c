import test from 'ava';
import { fuzz } from '../../runners/fuzz/fuzzer.ts';
import { LARGEST_INPUT, mutated } from '../../runners/fuzz/mutate.ts';
import { holds, type Target } from '../../runners/fuzz/target.ts';
import { TARGETS } from '../../runners/fuzz/targets.ts';
import { Random } from '../../runners/random.ts';

const seeds = [Buffer.from('a seed'), Buffer.from('another one, somewhat longer')];

function fuzzed(read: Target['read'], more: { msPerKilobyte?: number; signal?: AbortSignal } = {}) {
  const untilMs = performance.now() + 240_000;
  return fuzz([{ name: 'planted', seeds, read }], { seed: 7, untilMs, ...more });
}

test('the same seed gives the same inputs, another others', (t) => {
  const inputs = (seed: number) => {
    const random = new Random(seed);
    const [some, other] = seeds as [Buffer, Buffer];
    return Array.from({ length: 200 }, () =>
      Buffer.from(mutated(some, other, random)).toString('hex'),
    );
  };
  t.is(inputs(1).join(), inputs(1).join());
  t.not(inputs(1).join(), inputs(2).join());
  t.true(new Set(inputs(1)).size > 100);
});

test('inputs stay below the largest size, and seeds as they are', (t) => {
  const random = new Random(3);
  // A Buffer's own copies share its bytes.
  const seed = Buffer.from(Array.from({ length: 1000 }, (_, at) => at & 0xff));
  const before = seed.toString('hex');
  let input: Uint8Array = seed;
  for (let i = 0; i < 3000; i++) {
    input = mutated(random.below(2) === 0 ? input : seed, seed, random);
    t.true(input.length <= LARGEST_INPUT);
  }
  t.is(seed.toString('hex'), before);
});

test('what throws is found, and made smaller', async (t) => {
  const { findings } = await fuzzed((input) => {
    if (input.includes(0xff)) throw new RangeError('planted');
    return String(input.length > 10);
  });
  t.is(findings.length, 5);
  for (const { target, problem, input } of findings) {
    t.is(target, 'planted');
    t.regex(problem, /RangeError: planted/);
    t.deepEqual([...input], [0xff]);
  }
});

test('a property that does not hold is found by its name', async (t) => {
  const { findings } = await fuzzed((input) => {
    holds('there is no null byte', !input.includes(0));
    return '';
  });
  t.regex(findings[0]?.problem ?? '', /does not hold: there is no null byte/);
});

test('what takes too long for its size is found', async (t) => {
  const work = (rounds: number) => {
    let sum = 0;
    for (let i = 0; i < rounds; i++) sum += Math.sqrt(i);
    return String(sum > 0);
  };
  // Some milliseconds for what is long, and no more: it is read again and again to make it shorter.
  const read = (input: Uint8Array) => work(Math.min(input.length, 200) ** 2 * 100);
  const { findings } = await fuzzed(read, { msPerKilobyte: 2 });
  t.true(findings.length > 0);
  t.regex(findings[0]?.problem ?? '', /^took \d+ ms for \d+ bytes/);
});

test('an input that comes to something new is changed further', async (t) => {
  // Three bytes in a row are not met by chance, but one after the other.
  const wanted = Buffer.from('RST');
  const found = new AbortController();
  const read = (input: Uint8Array) => {
    let place = 0;
    while (place < wanted.length && input[place] === wanted[place]) place += 1;
    if (place === wanted.length) found.abort();
    holds('it is not met', place < wanted.length);
    return String(place);
  };
  const { findings } = await fuzzed(read, { signal: found.signal });
  t.true(findings.length > 0);
});

test('all that is read today is read without a finding', async (t) => {
  t.timeout(120_000);
  const untilMs = performance.now() + 5_000;
  const { findings, tallies } = await fuzz(TARGETS, { seed: 4, untilMs });
  t.deepEqual(
    findings.map(({ target, problem }) => `${target}: ${problem}`),
    [],
  );
  t.is(tallies.length, TARGETS.length);
  for (const { target, inputs, outcomes } of tallies) {
    t.true(inputs > 0, `${target}: nothing was read`);
    t.true(outcomes > 1, `${target}: all inputs came to the same`);
  }
});

test('the seeds of all targets are sound: they come to something by themselves', (t) => {
  for (const { name, seeds: own, read } of TARGETS) {
    for (const seed of own) t.notThrows(() => read(seed, new Random(1)), name);
  }
});
