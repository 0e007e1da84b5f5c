import type { StepOutcome } from '../../catalog/expectation.ts';
import { answerOf } from '../lessons/answers.ts';
import type { NamedLesson } from '../lessons/named-lesson.ts';
import { nextOf } from '../own/course.ts';
import { Progress } from '../own/progress.ts';
import { done } from './done.ts';
import { exercise } from './exercise.ts';
import { predict } from './predict.ts';
import { run } from './run.ts';
import { heading } from './screens.ts';
import type { Move, Visit } from './visit.ts';

/**
 * One lesson, part by part, as far as it is not done.
 *
 * @param wasChosen whether the participant went to it, and is to see it also where it is done
 */
export async function attend(lesson: NamedLesson, visit: Visit, wasChosen: boolean): Promise<Move> {
  const { console, language, lessons, state } = visit;
  console.tell(...heading(lesson, lessons, await Progress.read(state), console.screen));
  const answers = Object.keys(lesson.answers).map((outcome) =>
    answerOf(outcome as StepOutcome, language),
  );
  for (let isFirst = true; ; isFirst = false) {
    const next = nextOf(lesson, await Progress.read(state));
    if (next.what === 'done') {
      return isFirst && wasChosen ? await done(lesson, answers, visit) : 'on';
    }
    const move =
      next.what === 'predict'
        ? await predict(lesson, answers, visit)
        : next.what === 'run'
          ? await run(lesson, answers, visit)
          : await exercise(lesson, next.task, visit);
    if (move !== 'on') return move;
  }
}
