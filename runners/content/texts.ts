import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLesson } from '../workshop/lessons/named-lesson.ts';
import { type Finding, wrong } from './finding.ts';

/** A question with fewer answers is none. */
const FEWEST_ANSWERS = 3;

/**
 * What a participant would miss: a prediction, hints, an explanation; and an exercise of each lab that has a cure.
 *
 * @param stories all stories of the lessons' labs
 */
export function textFindings(
  lessons: readonly NamedLesson[],
  stories: readonly NamedLab[],
): Finding[] {
  return lessons.flatMap(({ folder, setting, answers, explains, tasks }) => {
    const file = `labs/${folder}/lesson.ts`;
    const texts = { setting, explains, ...answers };
    const cured = stories.some((story) => `${story.number}-${story.name}` === folder && story.cure);
    return [
      ...empty(file, texts),
      ...(Object.keys(answers).length < FEWEST_ANSWERS
        ? [
            wrong(
              `${file}: \`answers\` are fewer than ${FEWEST_ANSWERS}: nothing is to be predicted`,
            ),
          ]
        : []),
      ...(cured && tasks.length === 0
        ? [wrong(`labs/${folder}/exercises.ts is missing, but the lab has a cure`)]
        : []),
      ...tasks.flatMap(({ name, exercise }) => {
        const { task, hints, explains, fails } = exercise;
        const [idea, means] = hints;
        const where = `labs/${folder}/exercises.ts: \`${name}\``;
        return [
          ...empty(where, { task, 'hints (idea)': idea, 'hints (means)': means, explains }),
          ...(fails.length === 0 ? [wrong(`${where}: \`fails\` has no reason`)] : []),
        ];
      }),
    ];
  });
}

function empty(where: string, texts: Readonly<Record<string, string | undefined>>): Finding[] {
  return Object.entries(texts)
    .filter(([, text]) => text === undefined || text.trim() === '')
    .map(([key]) => wrong(`${where}: \`${key}\` says nothing`));
}
