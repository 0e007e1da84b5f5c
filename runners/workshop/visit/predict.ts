import type { Answer } from '../lessons/answers.ts';
import type { NamedLesson } from '../lessons/named-lesson.ts';
import { Progress } from '../own/progress.ts';
import { elsewhere } from './elsewhere.ts';
import { LIST, SKIP } from './key.ts';
import { question } from './screens.ts';
import type { Move, Visit } from './visit.ts';

/** Asks how a lab will end, before anything runs. */
export async function predict(
  lesson: NamedLesson,
  answers: readonly Answer[],
  visit: Visit,
): Promise<Move> {
  const { console, language } = visit;
  const again = question(lesson, answers, language.title, console.screen);
  console.tell(...again);
  for (;;) {
    const key = await console.choose(answers.length, { keys: [LIST, SKIP], again });
    if (typeof key === 'number') {
      const progress = await Progress.read(visit.state);
      await progress.set(lesson.folder, ['predicted'], answers[key]?.outcome ?? '');
      return 'on';
    }
    const move = await elsewhere(key, lesson, visit);
    if (move !== undefined) return move;
  }
}
