import { solutionText } from '../lessons/material.ts';
import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import { elsewhere } from './elsewhere.ts';
import { LIST, NEXT, SOLUTION } from './key.ts';
import type { Move, Visit } from './visit.ts';

/** Says why what solved an exercise was right, and shows another way. */
export async function solved(lesson: NamedLesson, task: Task, visit: Visit): Promise<Move> {
  const { console } = visit;
  const again = ['Solved.', task.exercise.explains];
  console.say('', ...again);
  for (;;) {
    const key = await console.ask({ keys: [NEXT, SOLUTION, LIST], again });
    if (key === '\n') return 'on';
    if (key === 'm') await showSolution(task, visit);
    else {
      const move = await elsewhere(key, lesson, visit);
      if (move !== undefined) return move;
    }
  }
}

/** Shows the model solution of an exercise. */
export async function showSolution(task: Task, { console, language }: Visit): Promise<void> {
  console.tell('', (await solutionText(task, language)).trimEnd());
}
