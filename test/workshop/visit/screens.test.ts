import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import type { StepOutcome } from '../../../runners/catalog/expectation.ts';
import { loadLabs, loadLanguages } from '../../../runners/catalog/load.ts';
import { plain } from '../../../runners/reports/terminal/text.ts';
import { answerOf } from '../../../runners/workshop/lessons/answers.ts';
import { loadLessons } from '../../../runners/workshop/lessons/load.ts';
import type { NamedLesson } from '../../../runners/workshop/lessons/named-lesson.ts';
import { FILTERS } from '../../../runners/workshop/own/course.ts';
import { Progress } from '../../../runners/workshop/own/progress.ts';
import {
  answered,
  hang,
  heading,
  letter,
  list,
  question,
  say,
} from '../../../runners/workshop/visit/screens.ts';
import { folderWith } from '../../_folder.ts';
import { LANGUAGES } from '../../_observation.ts';
import { lessonOf, taskOf } from '../_lessons.ts';

const languages = (await loadLanguages(['all'], '-')).filter(({ name, of }) => name === of);
const REAL = await loadLessons(await loadLabs(['all']));

const SCREEN = { columns: 80, colour: false };
const COLOURED = { columns: 80, colour: true };
const TIME = '2026-11-22T01:12:03.456Z';

const HELLO = lessonOf('01-hello', { headline: 'A request and its reply' });
const CRASH = lessonOf('04-crash-server', { tasks: [taskOf('retry'), taskOf('not-twice')] });
const IDLE = lessonOf('12-idle-timeout', { tasks: [taskOf('validate')] });
const LESSONS = [HELLO, CRASH, IDLE];
const ANSWERS = answersOf(CRASH);
const [OK, EOF, RESET] = ANSWERS;

function answersOf({ answers }: Pick<NamedLesson, 'answers'>, language = LANGUAGES.python) {
  return Object.keys(answers).map((outcome) => answerOf(outcome as StepOutcome, language));
}

/** The first lesson is done, of the second one exercise is solved, the third is skipped. */
async function begun(t: ExecutionContext): Promise<Progress> {
  const progress = await Progress.read(join(folderWith(t), 'progress.yaml'));
  for (const { folder } of [HELLO, CRASH]) {
    await progress.set(folder, ['predicted'], 'read ok');
    await progress.set(folder, ['ran'], TIME);
  }
  await progress.set(CRASH.folder, ['solved', 'retry'], TIME);
  await progress.set(IDLE.folder, ['skipped'], true);
  return progress;
}

/** Lines which do not fit the screen, or control the terminal. */
function bad(lines: readonly string[]): string[] {
  return lines.filter((line) => line.length > SCREEN.columns || line !== plain(line));
}

test('the heading tells the lab, how much is done, and what the lab is about', async (t) => {
  const progress = await begun(t);
  t.deepEqual(heading(CRASH, LESSONS, progress, SCREEN), [
    '',
    `Lab 04 · crash-server${' '.repeat(29)}[#######..............] 1 of 3`,
    'The server process is killed with a request unread',
    '',
  ]);
});

test('the bar of the heading is empty at first, and full in the end', async (t) => {
  const progress = await begun(t);
  t.true(
    heading(CRASH, [CRASH], progress, SCREEN)[1]?.endsWith('  [.....................] 0 of 1'),
  );
  t.true(
    heading(HELLO, [HELLO], progress, SCREEN)[1]?.endsWith('  [#####################] 1 of 1'),
  );
});

test('where the heading is too long for one line, the bar stands below', async (t) => {
  const progress = await begun(t);
  t.deepEqual(heading(CRASH, LESSONS, progress, { columns: 40, colour: false }).slice(1, 3), [
    'Lab 04 · crash-server',
    '[#######..............] 1 of 3',
  ]);
});

test('text behind a mark goes on where it has begun', (t) => {
  t.deepEqual(hang('  a  ', 'one two three four', { columns: 15, colour: false }), [
    '  a  one two',
    '     three four',
  ]);
  t.deepEqual(hang('  a  ', 'one', { columns: 3, colour: false }), ['  a  one']);
});

test('the question tells the setting, and each answer in plain words and in those of the language', (t) => {
  t.deepEqual(question(CRASH, ANSWERS, 'Python', SCREEN), [
    'The server is killed.',
    '',
    'How will it end for your client in Python?',
    '  a  read gets the reply',
    '  b  read gets the end of file, without a reply',
    '  c  read fails: connection reset by peer (ECONNRESET)',
    '     ConnectionResetError: [Errno 104] Connection reset by peer',
  ]);
});

test('answers are lettered in their order', (t) => {
  t.deepEqual([0, 1, 2, 25].map(letter), ['a', 'b', 'c', 'z']);
});

test('a right prediction is told as right, with what there is to say of it', (t) => {
  t.deepEqual(answered(CRASH, RESET, RESET ? [RESET] : [], SCREEN), [
    '',
    'You predicted: read fails: connection reset by peer (ECONNRESET).',
    'So it was.',
    'Unread data is lost, and the kernel says so.',
    '',
    'A crash is no silence.',
  ]);
});

test('a wrong prediction is told as wrong, and then how it was', (t) => {
  t.deepEqual(answered(CRASH, EOF, RESET ? [RESET] : [], SCREEN), [
    '',
    'You predicted: read gets the end of file, without a reply.',
    'It was otherwise.',
    'So it would be had it read all.',
    '',
    'It was: read fails: connection reset by peer (ECONNRESET).',
    'Unread data is lost, and the kernel says so.',
    '',
    'A crash is no silence.',
  ]);
});

test('without a prediction it is told how it was', (t) => {
  t.deepEqual(answered(CRASH, undefined, OK ? [OK] : [], SCREEN), [
    '',
    '',
    'It was: read gets the reply.',
    'Nobody is left to write it.',
    '',
    'A crash is no silence.',
  ]);
});

test('of two possible ends either is right, and both are explained', (t) => {
  const came = OK && EOF ? [OK, EOF] : [];
  const right = answered(CRASH, EOF, came, SCREEN);
  t.true(right.includes('So it was.'));
  t.is(right.filter((line) => line.startsWith('It was: ')).length, 1);
  t.true(right.includes('It was: read gets the reply.'));
  const wrong = answered(CRASH, RESET, came, SCREEN);
  t.true(wrong.includes('It was otherwise.'));
  t.is(wrong.filter((line) => line.startsWith('It was: ')).length, 2);
  for (const text of ['Nobody is left to write it.', 'So it would be had it read all.']) {
    t.true(right.includes(text));
    t.true(wrong.includes(text));
  }
});

test('where the list is too wide it leaves the exercises to what comes next', async (t) => {
  const progress = await begun(t);
  t.deepEqual(list(LESSONS, progress, undefined, { columns: 50 }).slice(0, 3), [
    '       lab           next',
    '✔  01  hello',
    '   04  crash-server  exercise not-twice',
  ]);
  t.deepEqual(
    list(LESSONS, progress, undefined, { columns: 60 }),
    list(LESSONS, progress, undefined),
  );
});

test('the list has each lab, its exercises, and what comes next', async (t) => {
  t.deepEqual(list(LESSONS, await begun(t), undefined), [
    '       lab           exercises         next',
    '✔  01  hello         –',
    '   04  crash-server  retry, not-twice  exercise not-twice',
    '–  12  idle-timeout  validate          predict',
  ]);
});

for (const [filter, number] of [
  ['done', '01'],
  ['todo', '04'],
  ['skipped', '12'],
] as const) {
  test(`the list of what is ${filter} has that only`, async (t) => {
    const lines = list(LESSONS, await begun(t), filter);
    t.is(lines.length, 2);
    t.regex(lines[1] ?? '', new RegExp(`^.  ${number}  `));
    const others = LESSONS.filter((lesson) => lesson.number !== number);
    t.deepEqual(list(others, await begun(t), filter), ['None.']);
  });
}

test('long text is broken at the width of the screen, and at 100 columns on a wider one', (t) => {
  const text = 'word '.repeat(60).trim();
  const widest = (columns: number) =>
    Math.max(...say(text, { columns, colour: false }).map((line) => line.length));
  t.is(widest(80), 79);
  t.is(widest(200), 99);
});

test('colour is there where it is wished for, and changes no word', async (t) => {
  const progress = await begun(t);
  const came = RESET ? [RESET] : [];
  for (const [coloured, without] of [
    [heading(CRASH, LESSONS, progress, COLOURED), heading(CRASH, LESSONS, progress, SCREEN)],
    [question(CRASH, ANSWERS, 'Python', COLOURED), question(CRASH, ANSWERS, 'Python', SCREEN)],
    [answered(CRASH, RESET, came, COLOURED), answered(CRASH, RESET, came, SCREEN)],
    [answered(CRASH, EOF, came, COLOURED), answered(CRASH, EOF, came, SCREEN)],
  ] as const) {
    t.notDeepEqual(coloured, without);
    t.deepEqual(
      coloured.map((line) => stripVTControlCharacters(line)),
      without,
    );
  }
});

test('nothing of any lab, in any language, is wider than 80 columns or has an escape code', async (t) => {
  const progress = await begun(t);
  for (const lesson of REAL) {
    t.deepEqual(bad(heading(lesson, REAL, progress, SCREEN)), []);
    for (const language of languages) {
      const answers = answersOf(lesson, language);
      t.deepEqual(bad(question(lesson, answers, language.title, SCREEN)), []);
      for (const chosen of [...answers, undefined]) {
        const others = answers.filter((one) => one !== chosen);
        t.deepEqual(bad(answered(lesson, chosen, others, SCREEN)), []);
      }
    }
  }
  for (const filter of [undefined, ...FILTERS]) t.deepEqual(bad(list(REAL, progress, filter)), []);
  for (const { folder } of REAL) {
    await progress.set(folder, ['predicted'], 'read ok');
    await progress.set(folder, ['ran'], TIME);
  }
  t.deepEqual(bad(list(REAL, progress, undefined)), []);
});
