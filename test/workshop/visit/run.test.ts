import test from 'ava';
import { EnvironmentError } from '../../../runners/user-error.ts';
import { answerOf } from '../../../runners/workshop/lessons/answers.ts';
import { Progress } from '../../../runners/workshop/own/progress.ts';
import { run } from '../../../runners/workshop/visit/run.ts';
import { LANGUAGES } from '../../_observation.ts';
import { FAIL, NOT_RUN } from '../../reports/_results.ts';
import { CRASH, CTRL_C, CTRL_D, ENTER, IDLE, NOISE, TIME, visitOf } from './_visit.ts';

const ANSWERS = (['read ok', 'read eof', 'read ECONNRESET'] as const).map((outcome) =>
  answerOf(outcome, LANGUAGES.python),
);
const PREDICTED = 'version: 1\nlabs: { 04-crash-server: { predicted: read ECONNRESET } }\n';
const KEYS = '\nEnter explain · r run again · p packets · l list · s skip · q quit · ? help ';
const EXPLAINED = '\nEnter next · r run again · p packets · l list · s skip · q quit · ? help ';

test('a lab is run, then what was predicted is answered, and that it was run is kept', async (t) => {
  const { visit, seen, kept } = visitOf(t, {
    deeds: [`${NOISE.join('')}a${ENTER}`, `${NOISE.join('')}a${ENTER}`],
    state: PREDICTED,
  });
  t.is(await run(CRASH, ANSWERS, visit), 'on');
  const text = seen();
  const explanation =
    '\nYou predicted: read fails: connection reset by peer (ECONNRESET).\nSo it was.\n';
  t.true(text.startsWith(`\nRunning lab 04 …\n\n${KEYS}\n${explanation}`));
  t.true(text.endsWith(`${EXPLAINED}\n`));
  t.regex((await kept(CRASH)).ran ?? '', /^\d{4}-/);
});

test('what was explained can be run again, and is explained again', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: [ENTER, 'p', 'r', ENTER, ENTER], state: PREDICTED });
  t.is(await run(CRASH, ANSWERS, visit), 'on');
  t.is(seen().split('So it was.').length - 1, 2);
});

test('r runs it again, as often as one likes', async (t) => {
  let runs = 0;
  const { visit } = visitOf(t, {
    deeds: ['r', 'R', ENTER, ENTER],
    play: async () => ({ came: ++runs === 2 ? undefined : 'read eof', cell: FAIL }),
  });
  t.is(await run(CRASH, ANSWERS, visit), 'on');
  t.is(runs, 3);
});

test('p shows all segments, acknowledgements too', async (t) => {
  const { visit, seen } = visitOf(t, { deeds: ['p', ENTER, ENTER] });
  await run(CRASH, ANSWERS, visit);
  t.regex(seen(), / ms {2}client ──ACK─+▶ server\n/);
});

for (const [what, cell, keys] of [
  ['which did not end as the lab says', FAIL, '\nr run again · p packets · l list · '],
  ['which was not run', NOT_RUN, '\nr run again · p packets · l list · '],
  ['of which nothing is known', undefined, '\nr run again · l list · '],
] as const) {
  test(`a lab ${what} is not over, and says what to do`, async (t) => {
    const { visit, seen, kept } = visitOf(t, {
      deeds: [`${ENTER}q`],
      play: async () => ({ came: undefined, cell }),
      state: PREDICTED,
    });
    t.is(await run(CRASH, ANSWERS, visit), 'quit');
    const text = seen();
    t.true(text.includes('It did not end as the lab says: the reason stands above.'));
    t.true(text.includes('npm run doctor'));
    t.true(text.includes(keys));
    t.deepEqual(await kept(CRASH), { predicted: 'read ECONNRESET' });
  });
}

test('that a lab was not captured is told in the place of its segments', async (t) => {
  const { visit, seen } = visitOf(t, {
    deeds: ['p', 's'],
    play: async () => ({ came: undefined, cell: NOT_RUN }),
  });
  t.is(await run(CRASH, ANSWERS, visit), 'skip');
  t.true(seen().includes('\nIts packets could not be captured.\n'));
});

test('an engine that is not there is told, and asked again', async (t) => {
  let runs = 0;
  const { visit, seen } = visitOf(t, {
    deeds: ['r', ENTER, ENTER],
    play: async () => {
      if (++runs === 1) throw new EnvironmentError('Docker does not answer.');
      return { came: 'read ECONNRESET', cell: FAIL };
    },
  });
  t.is(await run(CRASH, ANSWERS, visit), 'on');
  t.true(
    seen().includes(
      '\nDocker does not answer.\n\nr run again · l list · s skip · q quit · ? help r\n',
    ),
  );
});

test('a fault of ours is not hidden', async (t) => {
  const play = () => Promise.reject(new TypeError('x is undefined'));
  const { visit } = visitOf(t, { deeds: [], play });
  await t.throwsAsync(run(CRASH, ANSWERS, visit), { message: 'x is undefined' });
});

for (const [what, key] of [
  ['q', 'q'],
  ['Ctrl-C', CTRL_C],
  ['Ctrl-D', CTRL_D],
] as const) {
  test(`${what} leaves a lab that was run; it is run again where it was not explained yet`, async (t) => {
    const unexplained = visitOf(t, { deeds: [key] });
    t.is(await run(CRASH, ANSWERS, unexplained.visit), 'quit');
    t.deepEqual(await unexplained.kept(CRASH), {});
    const explained = visitOf(t, { deeds: [ENTER, key] });
    t.is(await run(CRASH, ANSWERS, explained.visit), 'quit');
    t.truthy((await explained.kept(CRASH)).ran);
  });
}

test('an interruption during the run ends it, and the lab was not run', async (t) => {
  const { visit, interrupt, seen, kept } = visitOf(t, {
    deeds: [],
    play: async () => {
      interrupt();
      return { came: undefined, cell: NOT_RUN };
    },
  });
  t.is(await run(CRASH, ANSWERS, visit), 'quit');
  t.false(seen().includes('It did not end'));
  t.deepEqual(await kept(CRASH), {});
});

test('keys that are pressed while it runs do not pass over what it shows', async (t) => {
  const { visit, press, left } = visitOf(t, {
    deeds: [ENTER, ENTER],
    play: async () => {
      press('\r\rqs');
      return { came: 'read ECONNRESET', cell: FAIL };
    },
  });
  t.is(await run(CRASH, ANSWERS, visit), 'on');
  t.deepEqual(left, []);
});

test('what another window has changed meanwhile is not lost', async (t) => {
  const made = visitOf(t, {
    deeds: [ENTER, ENTER],
    play: async () => {
      const other = await Progress.read(made.visit.state);
      await other.set('12-idle-timeout', ['solved', 'validate'], TIME);
      return { came: 'read ECONNRESET', cell: FAIL };
    },
    state: PREDICTED,
  });
  await run(CRASH, ANSWERS, made.visit);
  t.deepEqual(await made.kept(IDLE), { solved: { validate: TIME } });
  t.truthy((await made.kept(CRASH)).ran);
});
