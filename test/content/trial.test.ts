// What `npm run content` calls wrong. The real exercises are tried in exercises.test.ts.
import test from 'ava';
import type { StepOutcome } from '../../runners/catalog/expectation.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { type Trial, tryAll } from '../../runners/content/trial.ts';
import { trialFindings, trialTable } from '../../runners/content/trial-table.ts';
import { HostError } from '../../runners/engines/agent/host-error.ts';
import { EnvironmentError } from '../../runners/user-error.ts';
import type { Checked, Checker } from '../../runners/workshop/checks/checker.ts';
import { loadLessons } from '../../runners/workshop/lessons/load.ts';
import { solutionText, starterText } from '../../runners/workshop/lessons/material.ts';

const [python, go] = await loadLanguages(['python', 'go'], '-');
const lessons = await loadLessons(await loadLabs(['crash-server', 'fd-exhaustion']));
const [task, graceful, reserve] = lessons.flatMap(({ tasks }) => tasks);
if (!python || !go || !task || !graceful || !reserve) throw new Error('no exercise');
const assignment = { ...task, language: python };
const starter = await starterText(task, python);
const solution = await solutionText(task, python);

type Ends = { readonly verdict: Checked['verdict']; readonly read?: StepOutcome };

/** A checker that answers so: of the starter, of the solution, of every cheat. */
function checkerOf(
  answers: { starter: Ends; solution: Ends; cheat: Ends },
  own: (text: string) => Ends | undefined = (text) =>
    text === starter ? answers.starter : text === solution ? answers.solution : undefined,
): Checker {
  const check = async (_: unknown, text: string) => {
    const { verdict, read } = own(text) ?? answers.cheat;
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
    const points = [
      { asks: 'it prints the reply', standing: 'not met', shows: '0 printed' },
      ...(verdict === 'unknown'
        ? [{ asks: 'its packets are seen', standing: 'unknown', shows: 'no packets: no tcpdump' }]
        : []),
    ];
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
  t.deepEqual([...new Set(trials.map(({ found }) => found))], [null]);
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
] as const) {
  test(`what is wrong: ${what}`, async (t) => {
    const trials = await tryAll(checkerOf({ ...AS_IT_MUST_BE, ...answers }), assignment);
    const all = trials.flatMap((trial) => trial.found ?? []);
    t.true(all.length > 0);
    for (const { kind, says } of all) {
      t.is(kind, 'wrong');
      t.regex(says, wrong);
    }
  });
}

test('what cannot be judged is neither right nor wrong', async (t) => {
  const cheat = { verdict: 'unknown' } as const;
  const trials = await tryAll(checkerOf({ ...AS_IT_MUST_BE, cheat }), assignment);
  const all = trials.flatMap((trial) => trial.found ?? []);
  t.is(all.length, 5);
  t.deepEqual(all[0], { kind: 'unknown', says: 'its packets are seen: no packets: no tcpdump' });
  const tried = [{ of: ['04-crash-server', 'retry', 'python'], trials }];
  t.regex(trialTable(tried)[1] ?? '', / passes +UNKNOWN 5 of 5$/);
});

test('a check that could not be made is neither right nor wrong', async (t) => {
  const check = async () => {
    throw new EnvironmentError('a memory limit needs root');
  };
  const trials = await tryAll({ check } as unknown as Checker, assignment);
  t.is(trials.length, 7);
  for (const { found } of trials) {
    t.deepEqual(found, { kind: 'unknown', says: 'a memory limit needs root' });
  }
});

/** The cheats that are tried in an exercise. */
async function cheatsIn(exercise: typeof assignment): Promise<string[]> {
  const trials = await tryAll(checkerOf(AS_IT_MUST_BE), exercise);
  return trials.flatMap(({ what, name }) => (what === 'cheat' ? name : []));
}

test('the cheats are those of the role, and those of the exercise alone', async (t) => {
  const [ofClient, ofGraceful, ofReserve] = await Promise.all(
    [task, graceful, reserve].map((one) => cheatsIn({ ...one, language: python })),
  );
  t.true(ofClient?.includes('makes-it-up.py'));
  t.true(ofGraceful?.includes('never-closes.py') && ofReserve?.includes('never-closes.py'));
  t.true(ofGraceful?.includes('ignores-sigterm.py') && ofReserve?.includes('no-leak.py'));
  t.false(ofClient?.includes('never-closes.py') || ofGraceful?.includes('makes-it-up.py'));
  t.false(ofGraceful?.includes('no-leak.py') || ofReserve?.includes('ignores-sigterm.py'));
});

test('an exercise for which there is no cheat is wrong, and the table says so', async (t) => {
  const trials = await tryAll(checkerOf(AS_IT_MUST_BE), {
    ...task,
    language: { ...python, of: 'basic' },
  });
  const tried = [{ of: ['04-crash-server', 'retry', 'basic'], trials }];
  const [one, ...others] = trialFindings(tried);
  t.is(
    one?.says,
    '04-crash-server retry basic: no cheat retry: write a program that must be refused: test/fixtures/cheats/client/basic/',
  );
  t.deepEqual(others, []);
  t.deepEqual(trialTable(tried), [
    'lab              exercise  language  starter  solution  cheats',
    '04-crash-server  retry     basic     fails    passes    none',
  ]);
});

test('an exercise that has no starter in a language is wrong', async (t) => {
  const trials = await tryAll(checkerOf(AS_IT_MUST_BE), { ...reserve, language: go });
  const [one, ...others] = trialFindings([{ of: ['17-fd-exhaustion', 'reserve', 'go'], trials }]);
  t.is(
    one?.says,
    '17-fd-exhaustion reserve go: starter reserve: labs/17-fd-exhaustion/exercises/reserve/starter/main.go is missing',
  );
  t.deepEqual(others, []);
});

test('the table counts, and tells how many are wrong', async (t) => {
  const trial = (what: Trial['what'], says?: string): Trial => ({
    what,
    name: 'one',
    found: says === undefined ? null : { kind: 'wrong', says },
  });
  const ofOne = [trial('starter'), trial('solution', 'it fails'), trial('cheat')];
  const trials = [...ofOne, trial('cheat', 'it is not refused: pass')];
  const tried = [
    { of: ['04-crash-server', 'retry', 'python'], trials },
    { of: ['12', 'retry', 'node'], trials: [...ofOne, trial('cheat')] },
  ];
  t.deepEqual(trialTable(tried).slice(1), [
    '04-crash-server  retry     python    fails    WRONG 1 of 1  WRONG 1 of 2',
    '12               retry     node      fails    WRONG 1 of 1  refused (2)',
  ]);
  t.deepEqual(
    trialFindings(tried).map(({ says }) => says),
    [
      '04-crash-server retry python: solution one: it fails',
      '04-crash-server retry python: cheat one: it is not refused: pass',
      '12 retry node: solution one: it fails',
    ],
  );
});

test('where hosts could not do their part, a check is made once more', async (t) => {
  const { check } = checkerOf(AS_IT_MUST_BE);
  const busy = new Set<string>();
  const once = async (one: typeof assignment, text: string) => {
    if (busy.has(text)) return await check(one, text);
    busy.add(text);
    throw new HostError('the hosts were silent for 3 s');
  };
  const trials = await tryAll({ check: once } as unknown as Checker, assignment);
  t.is(busy.size, 7);
  t.deepEqual([...new Set(trials.map(({ found }) => found))], [null]);
});

test("how the starter of a server fails is told in the words of the kit's client", async (t) => {
  const [java] = await loadLanguages(['java'], '-');
  if (!java) return t.fail();
  const exercise = { ...reserve, language: java };
  const own = await Promise.all([starterText(exercise, java), solutionText(exercise, java)]);
  const answers = [AS_IT_MUST_BE.starter, AS_IT_MUST_BE.solution];
  const checker = checkerOf(AS_IT_MUST_BE, (text) => answers[own.indexOf(text)]);
  const [first] = await tryAll(checker, exercise);
  t.deepEqual(first, { what: 'starter', name: 'reserve', found: null });
});
