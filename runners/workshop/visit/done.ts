import type { Answer } from '../lessons/answers.ts';
import type { NamedLesson } from '../lessons/named-lesson.ts';
import { elsewhere } from './elsewhere.ts';
import { LIST, NEXT, RESET, SOLUTION } from './key.ts';
import { AGAIN, run } from './run.ts';
import { showSolution } from './solved.ts';
import type { Move, Visit } from './visit.ts';

/** A lab in which nothing is to be done any more, for who goes back to it. */
export async function done(
  lesson: NamedLesson,
  answers: readonly Answer[],
  visit: Visit,
): Promise<Move> {
  const { console } = visit;
  const again = ['This lab is done.', lesson.explains];
  console.say(...again);
  const solution = lesson.tasks.length > 0 ? [SOLUTION] : [];
  for (;;) {
    const key = await console.ask({ keys: [NEXT, AGAIN, ...solution, LIST, RESET], again });
    if (key === '\n') return 'on';
    if (key === 'r') return await run(lesson, answers, visit);
    if (key === 'm') for (const task of lesson.tasks) await showSolution(task, visit);
    else {
      const move = await elsewhere(key, lesson, visit);
      if (move !== undefined) return move;
    }
  }
}
