// What a person must have before the eyes at once fits the smallest usual terminal, 80 × 24, in each lab.
import test, { type ExecutionContext } from 'ava';
import type { StepOutcome } from '../../../runners/catalog/expectation.ts';
import { loadLabs, loadLanguages } from '../../../runners/catalog/load.ts';
import { answerOf } from '../../../runners/workshop/lessons/answers.ts';
import { lessonsIn, loadLessons } from '../../../runners/workshop/lessons/load.ts';
import { attend } from '../../../runners/workshop/visit/attend.ts';
import { browse } from '../../../runners/workshop/visit/browse.ts';
import { run } from '../../../runners/workshop/visit/run.ts';
import { solved } from '../../../runners/workshop/visit/solved.ts';
import { ENTER, TIME, visitOf } from './_visit.ts';

const LINES = 24;
/** The shortest and the longest words for errors, and others between. */
const LANGUAGES = await loadLanguages(['java', 'python', 'c', 'rust', 'elixir'], '-');
const [JAVA] = LANGUAGES;
if (JAVA === undefined) throw new Error('there is no Java');
const LESSONS = await loadLessons(await loadLabs(['all']));

/** Lines that are shown from the first that is not empty to the prompt. */
function linesOf(shown: string): string[] {
  return shown.replace(/^\n+/, '').trimEnd().split('\n');
}

function fits(
  t: ExecutionContext,
  what: string,
  shown: string,
  columns = 80,
  most = LINES - 1,
): void {
  const lines = linesOf(shown);
  t.true(lines.length <= most, `${what}: ${lines.length} lines\n${shown}`);
  const wide = lines.filter(({ length }) => length > columns);
  t.deepEqual(wide, [], what);
}

for (const language of LANGUAGES) {
  test(`${language.title}: the question of each lab, and the prompt`, async (t) => {
    for (const lesson of LESSONS) {
      const { visit, seen } = visitOf(t, { deeds: ['q'], lessons: LESSONS, language });
      await attend(lesson, visit, false);
      fits(t, lesson.folder, seen());
    }
  });

  test(`${language.title}: each exercise, with the lab's title, and what explains it`, async (t) => {
    for (const lesson of await lessonsIn(LESSONS, language)) {
      for (const task of lesson.tasks) {
        const others = lesson.tasks.filter((one) => one !== task).map(({ name }) => [name, TIME]);
        const kept = { predicted: 'read ok', ran: TIME, solved: Object.fromEntries(others) };
        const state = JSON.stringify({ version: 1, labs: { [lesson.folder]: kept } });
        const { visit, seen } = visitOf(t, {
          deeds: ['?', 'q', 'q'],
          lessons: LESSONS,
          language,
          state,
        });
        await attend(lesson, visit, false);
        const [shown = '', help = ''] = seen().split('? help ?\n');
        t.true(shown.includes(`Exercise ${task.name}: `));
        fits(t, `${lesson.folder} ${task.name}`, shown);
        t.true(help.includes(task.exercise.task.slice(0, 60)));
        fits(t, `${lesson.folder} ${task.name}: help`, help);
        await solved(lesson, task, visit);
        fits(t, `${lesson.folder} ${task.name}`, seen());
      }
    }
  });
}

test('what is said of each answer in each lab, and the prompt', async (t) => {
  for (const lesson of LESSONS) {
    const outcomes = Object.keys(lesson.answers) as StepOutcome[];
    const answers = outcomes.map((outcome) => answerOf(outcome, JAVA));
    for (const predicted of outcomes) {
      for (const came of outcomes) {
        const state = JSON.stringify({ version: 1, labs: { [lesson.folder]: { predicted } } });
        const played = { came, cell: undefined };
        const made = {
          deeds: [ENTER, 'q'],
          lessons: LESSONS,
          state,
          play: async () => played,
        };
        const { visit, seen } = visitOf(t, made);
        await run(lesson, answers, visit);
        const [, , shown = ''] =
          /^(\nRunning .*\n\n\nEnter explain.*\n)([\s\S]*)$/.exec(seen()) ?? [];
        t.true(shown.includes('You predicted: '));
        fits(t, `${lesson.folder}: ${predicted}, ${came}`, shown);
      }
    }
  }
});

test('the list of all labs', async (t) => {
  const state = JSON.stringify({ version: 1, labs: {} });
  const { visit, seen } = visitOf(t, { deeds: ['q'], lessons: LESSONS, state });
  await browse(undefined, visit);
  // Nothing beside its rows, their title and the prompt: 21 labs just fit.
  fits(t, 'list', seen(), 80, LESSONS.length + 3);
});

test('a terminal of 40 columns: no line is longer than it', async (t) => {
  for (const lesson of LESSONS) {
    const options = {
      deeds: ['?', 'l', '\r', 'a', 'q'],
      columns: 40,
      lessons: LESSONS,
      language: JAVA,
    };
    const played = { came: Object.keys(lesson.answers)[0] as StepOutcome, cell: undefined };
    const { visit, seen } = visitOf(t, { ...options, play: async () => played });
    await attend(lesson, visit, false);
    fits(t, lesson.folder, seen(), 40, 300);
    const kept = { predicted: 'read ok', ran: TIME };
    const state = JSON.stringify({ version: 1, labs: { [lesson.folder]: kept } });
    const exercise = visitOf(t, { ...options, deeds: ['?', 'h', 'q'], state });
    await attend(lesson, exercise.visit, false);
    const long = linesOf(exercise.seen()).filter((line) => line.length > 40 && line.includes(' '));
    // A path cannot be broken.
    t.deepEqual(long, [], lesson.folder);
  }
});
