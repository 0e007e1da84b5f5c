// What the workshop says of the labs, held against what the labs expect.
import test from 'ava';
import { withDifferences } from '../../../runners/catalog/differences.ts';
import { loadLabs, loadLanguages } from '../../../runners/catalog/load.ts';
import { expectedOf } from '../../../runners/verdict/expected.ts';
import { loadLessons } from '../../../runners/workshop/lessons/load.ts';
import { telling } from '../../../runners/workshop/lessons/telling.ts';

const languages = (await loadLanguages(['all'], '-')).filter(({ name, of }) => name === of);
const [python] = languages.filter(({ name }) => name === 'python');
const lessons = await loadLessons(withDifferences(await loadLabs(['all']), languages));

for (const lesson of lessons) {
  const { folder, story, answers, setting, explains, tasks } = lesson;
  const texts = [setting, explains, ...Object.values(answers)];

  test(`${folder} · what each language shows is among the answers, and others too`, (t) => {
    if (python === undefined) return t.fail('no server');
    const shown = languages.flatMap((client) =>
      expectedOf({ lab: story, client, server: python }).map((one) => telling(one.client)),
    );
    for (const outcome of shown) t.true(Object.keys(answers).includes(outcome), outcome);
    t.true(Object.keys(answers).length >= 3 && Object.keys(answers).length <= 5);
    t.true(Object.keys(answers).length > new Set(shown).size, 'no wrong answer');
  });

  test(`${folder} · the setting does not tell the end`, (t) => {
    t.notRegex(setting, /\bE[A-Z]{4,}\b|\bRST\b|\bFIN\b/);
    t.notRegex(setting, /reset|end of file|time(s|d)? ?out/i);
  });

  test(`${folder} · its texts are sentences that can be read`, (t) => {
    for (const text of texts) {
      t.regex(text, /^[A-Z“"'`].*[.?!]$/s);
      t.true(text.length >= 40 && text.length <= 600, `${text.length}: ${text}`);
      t.false(text.includes('\n'), text);
    }
  });

  for (const { cure, exercise } of tasks) {
    test(`${folder} · the exercise ${cure.cure} has all that a participant needs`, (t) => {
      const { task, hints, explains, fails } = exercise;
      for (const text of [task, ...hints, explains]) t.regex(text, /^[A-Z`].*[.?!]$/s);
      t.true(fails.length > 0);
      if (exercise.changes === 'server') return;
      const { survives } = exercise;
      t.true(survives.replies >= 1 && survives.connections >= 1);
      t.not(exercise.starter, cure.client.program);
    });
  }
}
