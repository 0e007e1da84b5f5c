import type { Checked } from '../checks/checker.ts';
import { conclusion } from '../checks/report.ts';
import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import { Progress } from '../own/progress.ts';
import type { Visit } from './visit.ts';

/** Shows the next hint of an exercise: what the own run has shown, then the idea, then the means; then all again. */
export async function showHint(
  lesson: NamedLesson,
  task: Task,
  checked: Checked | undefined,
  { console, ...visit }: Visit,
): Promise<void> {
  const progress = await Progress.read(visit.state);
  const given = progress.lab(lesson.folder).hints?.[task.name] ?? 0;
  const first = firstHint(checked, task);
  if (given === 0 && !first.tells) return console.say('', first.text);
  const all = [first.text, ...task.exercise.hints];
  const [from, to] = given < all.length ? [given, given] : [0, all.length - 1];
  for (let place = from; place <= to; place++) {
    console.say('', `Hint ${place + 1} of ${all.length}`, all[place] ?? '');
  }
  if (given < all.length) {
    await progress.set(lesson.folder, ['hints', task.name], given + 1);
  }
}

/** What the own run has shown, if it tells anything: without a run there was no first hint. */
function firstHint(checked: Checked | undefined, task: Task): { text: string; tells: boolean } {
  if (checked === undefined) {
    return { text: 'Run it first (r): what it shows is the first hint.', tells: false };
  }
  if (checked.ran === null) {
    return { text: 'It does not compile yet: what the compiler says stands above.', tells: false };
  }
  const own = conclusion(checked, task) ?? 'Your last run tells no more than what stands above.';
  return { text: own, tells: true };
}
