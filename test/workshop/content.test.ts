// What `npm run content` calls wrong. The real exercises are tried in exercises.test.ts.
import test from 'ava';
import type { StepOutcome } from '../../runners/catalog/expectation.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import type { Checked, Checker } from '../../runners/workshop/checker.ts';
import { tryAll } from '../../runners/workshop/content.ts';
import { solutionText, sourceText } from '../../runners/workshop/desk.ts';
import { loadLessons } from '../../runners/workshop/load.ts';

const [python] = await loadLanguages(['python'], '-');
const [lesson] = await loadLessons(await loadLabs(['crash-server']));
const [task] = lesson?.tasks ?? [];
if (python === undefined || task === undefined) throw new Error('no exercise');
const assignment = { ...task, language: python };
const starter = await sourceText(python, task.exercise.starter);
const solution = await solutionText(task, python);

type Ends = { readonly verdict: Checked['verdict']; readonly read?: StepOutcome };

/** A checker that answers so: of the starter, of the solution, of every cheat. */
function checkerOf(answers: { starter: Ends; solution: Ends; cheat: Ends }): Checker {
  const check = async (_: unknown, text: string) => {
    const { verdict, read } =
      text === starter ? answers.starter : text === solution ? answers.solution : answers.cheat;
    const error = { type: 'ConnectionResetError', errno: 'ECONNRESET', message: RESET };
    const end =
      read === 'read ECONNRESET'
        ? { timeUs: 2, outcome: 'error', error }
        : { timeUs: 2, outcome: 'eof' };
    const steps = [{ step: 'read', beganUs: 1, end }];
    const observation = {
      port: 20_000,
      addresses: { client: '192.0.2.1', peer: '192.0.2.2' },
      client: { report: { steps } },
    };
    const points = [{ asks: 'it prints the reply', standing: 'not met', shows: '0 printed' }];
    return { verdict, points, compiler: [], ran: { observation } };
  };
  return { check } as unknown as Checker;
}

const RESET = '[Errno 104] Connection reset by peer';
const AS_IT_MUST_BE = {
  starter: { verdict: 'fail', read: 'read ECONNRESET' },
  solution: { verdict: 'pass' },
  cheat: { verdict: 'fail' },
} as const;

test('an exercise that is as it must be', async (t) => {
  const trials = await tryAll(checkerOf(AS_IT_MUST_BE), assignment);
  t.deepEqual([...new Set(trials.map(({ wrong }) => wrong))], [null]);
  t.deepEqual(
    trials.map(({ what }) => what),
    ['starter', 'solution', ...Array(5).fill('cheat')],
  );
});

for (const [what, answers, wrong] of [
  ['a starter that passes', { starter: { verdict: 'pass' } }, /^it does not fail: pass$/],
  [
    'a starter that fails for another reason',
    { starter: { verdict: 'fail', read: 'read eof' } },
    /^it fails by "read eof", which is not the lab's reason: read ECONNRESET$/,
  ],
  ['a solution that fails', { solution: { verdict: 'fail' } }, /^it prints the reply: 0 printed$/],
  ['a cheat that passes', { cheat: { verdict: 'pass' } }, /^it is not refused: pass$/],
  [
    'a cheat of which nobody knows',
    { cheat: { verdict: 'unknown' } },
    /^it is not refused: unknown$/,
  ],
] as const) {
  test(`what is wrong: ${what}`, async (t) => {
    const trials = await tryAll(checkerOf({ ...AS_IT_MUST_BE, ...answers }), assignment);
    const found = trials.flatMap((trial) => trial.wrong ?? []);
    t.true(found.length > 0);
    for (const one of found) t.regex(one, wrong);
  });
}
