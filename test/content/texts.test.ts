// Which texts of the workshop may not be missing.
import test from 'ava';
import { textFindings } from '../../runners/content/texts.ts';
import type { NamedLesson } from '../../runners/workshop/lessons/named-lesson.ts';
import { CRASH } from '../_observation.ts';
import { lessonOf, taskOf } from '../workshop/_lessons.ts';

const STORIES = [CRASH, { ...CRASH, cure: 'retry' }];
const WHOLE = lessonOf('04-crash-server', { tasks: [taskOf()] });

function found(more: Partial<NamedLesson>, stories = STORIES): string[] {
  return textFindings([{ ...WHOLE, ...more }], stories).map(({ kind, says }) => `${kind}: ${says}`);
}

test('a lesson that has all', (t) => {
  t.deepEqual(found({}), []);
});

const LESSON = 'wrong: labs/04-crash-server/lesson.ts:';
const EXERCISE = 'wrong: labs/04-crash-server/exercises.ts: `retry`';
for (const [what, more, says] of [
  ['a setting that says nothing', { setting: ' ' }, `${LESSON} \`setting\` says nothing`],
  ['no explanation', { explains: '' }, `${LESSON} \`explains\` says nothing`],
  [
    'an answer without feedback',
    { answers: { ...WHOLE.answers, 'read eof': '' } },
    `${LESSON} \`read eof\` says nothing`,
  ],
  [
    'two answers',
    { answers: { 'read ok': 'It is.', 'read eof': 'It is not.' } },
    `${LESSON} \`answers\` are fewer than 3: nothing is to be predicted`,
  ],
  [
    'a cure without an exercise',
    { tasks: [] },
    'wrong: labs/04-crash-server/exercises.ts is missing, but the lab has a cure',
  ],
  [
    'no first hint',
    { tasks: [taskOf('retry', { hints: ['', 'The means.'] })] },
    `${EXERCISE}: \`hints (idea)\` says nothing`,
  ],
  [
    'no second hint',
    { tasks: [taskOf('retry', { hints: ['An idea.', ''] })] },
    `${EXERCISE}: \`hints (means)\` says nothing`,
  ],
  ['no task', { tasks: [taskOf('retry', { task: '' })] }, `${EXERCISE}: \`task\` says nothing`],
  [
    'an exercise that explains nothing',
    { tasks: [taskOf('retry', { explains: '' })] },
    `${EXERCISE}: \`explains\` says nothing`,
  ],
  [
    'a starter that may fail for any reason',
    { tasks: [taskOf('retry', { fails: [] })] },
    `${EXERCISE}: \`fails\` has no reason`,
  ],
] as const) {
  test(`wrong: ${what}`, (t) => {
    t.deepEqual(found(more), [says]);
  });
}

test('a lab without a cure needs no exercise', (t) => {
  t.deepEqual(found({ tasks: [] }, [CRASH]), []);
  t.deepEqual(found({ tasks: [] }, [CRASH, { ...CRASH, number: '08', cure: 'retry' }]), []);
});
