import test from 'ava';
import { judgeMutants } from '../../runners/commands/mutants.ts';
import { type Judge, mutate } from '../../runners/mutants/mutate.ts';
import { byOperator, mutantsParts } from '../../runners/mutants/page.ts';
import { Random } from '../../runners/random.ts';
import type { Recorded } from '../../runners/recording.ts';
import { cellResult } from '../../runners/results/cell-result.ts';
import { judge, type Witness } from '../../runners/verdict/judge.ts';
import { CRASH_EXPECTED, cellOf, crash } from '../_observation.ts';

const HOW = { count: 300, seed: 7 };

function recorded(lab: Parameters<typeof cellOf>[0] = {}, observation = crash()): Recorded {
  const cell = cellOf(lab);
  const result = cellResult(cell, observation, judge(cell, observation), {
    ...{ durationMs: 1, pcap: null, looks: [] },
  });
  return { cell, observed: { observation, pcap: null, looks: [] }, result };
}

/** A judge who believes one of the witnesses whatever it says. */
function believing(witness: Witness): Judge {
  return (cell, observation) => {
    const judgement = judge(cell, observation);
    const others = Object.entries(judgement.findings).filter(([name]) => name !== witness);
    const agree = others.every(([, { agreement }]) => agreement === 'agrees');
    return agree ? { ...judgement, verdict: 'pass' } : judgement;
  };
}

test('all mutants of a lab that leaves nothing open are caught, or say the same or less', (t) => {
  const { mutants, problems } = judgeMutants([recorded()], HOW);
  t.deepEqual(problems, []);
  t.true(mutants.filter(({ fate }) => fate === 'caught').length > 100);
  const ofLab = mutants.filter(({ story }) => story === '04 crash-server');
  t.deepEqual([...new Set(ofLab.map(({ fate }) => fate))].sort(), ['caught', 'equivalent']);
});

for (const witness of ['program', 'packets', 'kernel'] as const) {
  test(`a judge who believes the ${witness} whatever it says is found out`, (t) => {
    const { problems } = judgeMutants([recorded()], { ...HOW, judging: believing(witness) });
    t.true(problems.length > 10);
    for (const problem of problems) t.regex(problem, /^not caught: /);
  });
}

test('a judge who lets everything pass is found out', (t) => {
  const judging: Judge = (cell, observation) => ({ ...judge(cell, observation), verdict: 'pass' });
  const { mutants } = judgeMutants([recorded()], { ...HOW, judging });
  t.true(mutants.some(({ fate }) => fate === 'unexplained'));
  t.false(mutants.some(({ fate }) => fate === 'caught'));
});

test('a cell that does not pass as its lab is says nothing of mutants', (t) => {
  const wrong = recorded({}, crash({ counters: { got: { client: {}, server: {} } } }));
  const { mutants, problems } = judgeMutants([recorded(), wrong], HOW);
  t.is(mutants.length, 0);
  t.is(problems.length, 1);
  t.regex(problems[0] ?? '', /^04-crash-server-python-python-1 did not pass: kernel: /);
});

test('of a seed come the same mutants, each once', (t) => {
  const made = (seed: number) => mutate([recorded()], { count: 100, seed });
  t.deepEqual(made(3), made(3));
  t.notDeepEqual(made(3), made(4));
  t.is(made(3).length, 100);
});

test('a mutant of an outcome that did not happen is not observed', (t) => {
  const other = {
    outcome: 'other',
    because: 'x',
    ...CRASH_EXPECTED,
    client: ['connect ok'],
  } as const;
  const expect = [{ outcome: 'reset', because: 'x', ...CRASH_EXPECTED }, other];
  const mutants = mutate([recorded({ expect })], HOW);
  t.true(mutants.every(({ isOpen }) => isOpen));
  const fates = new Set(mutants.map(({ fate, why }) => `${fate}: ${why}`));
  t.true(fates.has('unobserved: what it is about did not happen'));
  t.false(mutants.some(({ fate }) => fate === 'unexplained'));
});

test('a mutant of a language that did not run is not observed', (t) => {
  const differs = [
    { client: 'java', because: 'x', link: 'https://example.org', expect: CRASH_EXPECTED },
  ];
  const mutants = mutate([recorded({ differs })], HOW);
  const whys = new Set(mutants.map(({ why }) => why));
  t.true(whys.has('it is about languages that were not run'));
  t.false(mutants.some(({ fate }) => fate === 'unexplained'));
});

test('the tables count all', (t) => {
  const { mutants } = judgeMutants([recorded()], HOW);
  t.regex(
    byOperator(mutants).at(-1) ?? '',
    new RegExp(`^\\| \\*\\*all\\*\\* \\| ${mutants.length} \\|`),
  );
  const { sum = [] } = mutantsParts({ mutants, seed: 7 });
  t.regex(
    sum.join(' '),
    new RegExp(`^${mutants.length} mutants of seed 7; ${mutants.length} of them`),
  );
});

test('chance is the same for the same seed, and within its bounds', (t) => {
  const drawn = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 1000 }, () => random.below(10));
  };
  t.deepEqual(drawn(1), drawn(1));
  t.deepEqual([...new Set(drawn(1))].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const random = new Random(1);
  t.is(random.of([]), undefined);
  t.is(random.other(['a', 'b'], 'a'), 'b');
});
