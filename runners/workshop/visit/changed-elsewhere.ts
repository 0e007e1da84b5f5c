import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import { nextOf } from '../own/course.ts';
import { Progress } from '../own/progress.ts';
import type { Visit } from './visit.ts';
import { Watch } from './watch.ts';

/** Waits until an exercise is no longer what comes next: in another window it was solved, say, or its lab reset. */
export async function changedElsewhere(
  lesson: NamedLesson,
  task: Task,
  { state }: Pick<Visit, 'state'>,
  signal: AbortSignal,
): Promise<'elsewhere'> {
  const watch = new Watch(state);
  signal.addEventListener('abort', () => watch.close(), { once: true });
  for (;;) {
    const next = nextOf(lesson, await Progress.read(state));
    if (next.what !== 'exercise' || next.task !== task) return 'elsewhere';
    await watch.change;
    watch.begin();
  }
}
