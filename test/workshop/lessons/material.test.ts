// Starters and model solutions: of a client they are programs of the kit, of a server they are files of the exercise.
import test from 'ava';
import { USUAL } from '../../../runners/catalog/language.ts';
import { loadLabs, loadLanguages } from '../../../runners/catalog/load.ts';
import type { ProgramName } from '../../../runners/catalog/programs.ts';
import { lessonsIn, loadLessons } from '../../../runners/workshop/lessons/load.ts';
import {
  fileNameOf,
  isIn,
  solutionText,
  starterText,
} from '../../../runners/workshop/lessons/material.ts';
import { LANGUAGES } from '../../_observation.ts';
import { taskOf } from '../_lessons.ts';

const languages = (await loadLanguages(['all'], '-')).filter(({ name, of }) => name === of);
const lessons = await loadLessons(await loadLabs(['all']));

const { java } = LANGUAGES;
const TASK = taskOf();

test("in Java the model solution is a class of the starter's name", async (t) => {
  const solution = await solutionText(TASK, java);
  t.regex(solution, /^class Ask \{$/m);
  t.notRegex(solution, /AskRetry/);
  t.not(solution, await starterText(TASK, java));
});

/** `ask-retry`, `ask_retry` or `AskRetry`, whatever follows. */
function nameIn(program: ProgramName): RegExp {
  const words = program.split('-');
  const camel = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('');
  return new RegExp(`\\b(${words.join('[-_]')}|${camel})`);
}

for (const language of languages) {
  test(`${language.title} · each model solution bears the starter's name only, and is not the starter`, async (t) => {
    const tasks = (await lessonsIn(lessons, language)).flatMap((lesson) => lesson.tasks);
    for (const task of tasks) {
      const solution = await solutionText(task, language);
      t.regex(solution, /\S/);
      t.not(solution, await starterText(task, language));
      if (task.exercise.changes === 'client') {
        t.notRegex(solution, nameIn(task.cure.client.program));
      }
    }
  });
}

test('each exercise can be done in the usual languages', async (t) => {
  for (const language of languages.filter(({ name }) => USUAL.includes(name))) {
    const possible = await lessonsIn(lessons, language);
    t.deepEqual(
      possible.map(({ tasks }) => tasks.length),
      lessons.map(({ tasks }) => tasks.length),
      language.title,
    );
  }
});

test('an exercise of a server is none of a language that has no starter for it', async (t) => {
  const tasks = lessons.flatMap((lesson) => lesson.tasks);
  const [ofServer] = tasks.filter(({ exercise }) => exercise.changes === 'server');
  const [go] = languages.filter(({ name }) => name === 'go');
  if (ofServer === undefined || go === undefined) return t.fail('there is none');
  t.is(fileNameOf(ofServer, java), 'Server.java');
  t.true(await isIn(ofServer, java));
  t.false(await isIn({ ...ofServer, folder: 'labs/01-hello/exercises/none' }, java));
  t.false(await isIn(ofServer, go));
  const [lesson] = await lessonsIn([{ ...lessons[0], tasks: [ofServer, TASK] } as never], go);
  t.deepEqual(lesson?.tasks, [TASK]);
});
