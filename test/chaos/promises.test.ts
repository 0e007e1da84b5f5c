// Each promise, broken by a run that lies or suffers: none may go unseen.
import test from 'ava';
import type { Promised } from '../../runners/chaos/experiment.ts';
import { brokenPromises, type Seen } from '../../runners/chaos/promises.ts';
import { FAIL, PASS } from '../reports/_results.ts';

const promise: Promised = {
  ends: [4],
  says: /^No room/m,
  met: { cells: [1, 1], verdicts: ['unknown'], reason: /^the host was silent/ },
  whole: false,
  inOrder: 'at once',
};
const [first, second] = [PASS, { ...PASS, repeat: 2 }];
const met = { ...PASS, repeat: 3, verdict: 'unknown' as const, reason: 'the host was silent' };
const notRun = { ...PASS, repeat: 4, verdict: 'not-run' as const, reason: 'stopped' };
const obtained = [first, second, met];
const end = { by: 4, stdout: '', stderr: 'No room on the disk.\n' };
const seen: Seen = {
  ...{ end, obtained, printed: null, left: [], leftThen: [] },
  result: { cells: [...obtained, notRun], planned: 4, interrupted: true, verdict: 'unknown' },
  nextEnd: { by: 0, stdout: '', stderr: '' },
};
const resultOf = (cells: NonNullable<Seen['result']>['cells']) => ({
  ...(seen.result as NonNullable<Seen['result']>),
  cells,
});

test('a run that keeps its promises', (t) => {
  t.deepEqual(brokenPromises(promise, seen), []);
  t.deepEqual(brokenPromises(promise, { ...seen, printed: { cells: [...obtained, notRun] } }), []);
});

const BROKEN: readonly [what: string, seen: Seen, told: RegExp][] = [
  ['another exit status', { ...seen, end: { ...end, by: 0 } }, /^it ended by 0, not by 4/],
  ['a signal', { ...seen, end: { ...end, by: 'SIGKILL' } }, /^it ended by SIGKILL, not by 4/],
  ['silence', { ...seen, end: { ...end, stderr: '' } }, /^it did not say/],
  [
    'a stack',
    { ...seen, end: { ...end, stderr: 'No room\n    at main (cli.ts:1:2)\n' } },
    /^it showed a stack/,
  ],
  ['a result that is lost', { ...seen, result: resultOf([first, met]) }, /turn 2, is lost/],
  [
    'a result that is another now',
    { ...seen, result: resultOf([first, { ...second, durationMs: -1 }, met]) },
    /turn 2, is lost or another/,
  ],
  [
    'a result that nobody obtained',
    { ...seen, result: resultOf([...obtained, { ...PASS, repeat: 4 }]) },
    /turn 4, is invented/,
  ],
  ['no result', { ...seen, result: undefined }, /^3 results were obtained, none is kept/],
  [
    'half a run that passes',
    {
      ...seen,
      result: { cells: obtained, planned: 4, interrupted: false, verdict: 'pass' },
    },
    /^half a run looks like a whole one/,
  ],
  ['nothing printed', { ...seen, printed: undefined }, /^it has not printed/],
  [
    'not all printed',
    { ...seen, printed: { cells: [first, met] } },
    /turn 2, .* as it was printed/,
  ],
  [
    'a fault that met nothing',
    { ...seen, obtained: [first, second], result: resultOf([first, second, notRun]) },
    /^the fault met 0 cells, not 1 to 1/,
  ],
  [
    'a failure that is no fault of the lab',
    { ...seen, obtained: [...obtained, FAIL], result: resultOf([...obtained, FAIL]) },
    / is fail: /,
  ],
  ['something left', { ...seen, left: ['bash agent.sh'] }, /^left at once: bash agent.sh/],
  ['something left for good', { ...seen, leftThen: ['network a'] }, /^left after the next start/],
  [
    'a next run that cannot start',
    { ...seen, nextEnd: { by: 2, stdout: '', stderr: 'no' } },
    /^the next run ended by 2: no/,
  ],
];

for (const [what, broken, told] of BROKEN) {
  test(`${what} is a broken promise`, (t) => {
    const lines = brokenPromises(promise, broken);
    t.true(
      lines.some((line) => told.test(line)),
      lines.join('\n'),
    );
  });
}

test('where all cells must happen, one that was not run is told', (t) => {
  const lines = brokenPromises({ ...promise, whole: true }, seen);
  t.deepEqual(lines, [`${notRun.lab} is not-run: stopped`]);
});
