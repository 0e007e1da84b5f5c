import { currentLesson, lessonAfter, standing } from '../own/course.ts';
import { Progress } from '../own/progress.ts';
import { attend } from './attend.ts';
import { elsewhere } from './elsewhere.ts';
import { LIST } from './key.ts';
import type { Move, Visit } from './visit.ts';

/** Leads from lesson to lesson, until the participant leaves. */
export async function throughLessons(visit: Visit): Promise<void> {
  const { lessons, state } = visit;
  let lesson = currentLesson(lessons, await Progress.read(state));
  let wasChosen = false;
  for (;;) {
    const move: Move = lesson ? await attend(lesson, visit, wasChosen) : await behindLast(visit);
    if (move === 'quit') return;
    const progress = await Progress.read(state);
    wasChosen = typeof move === 'object';
    if (typeof move === 'object') {
      lesson = move.to;
      // Who goes to a lab that was left for later has come back to it.
      if (standing(lesson, progress) === 'skipped') {
        await progress.set(lesson.folder, ['skipped'], false);
      }
    } else {
      if (lesson && move === 'skip') await progress.set(lesson.folder, ['skipped'], true);
      lesson = lessonAfter(lesson, lessons, progress);
    }
  }
}

/** Nothing is to be done any more but what was skipped. */
async function behindLast(visit: Visit): Promise<Move> {
  const { console, lessons, state } = visit;
  const progress = await Progress.read(state);
  const skipped = lessons.filter((lesson) => standing(lesson, progress) === 'skipped');
  const numbers = skipped.map(({ number }) => number).join(', ');
  const again =
    skipped.length > 0
      ? `All labs are done but those that you skipped: ${numbers}.`
      : 'All labs are done.';
  console.say('', again);
  const key = await console.ask({ keys: [LIST], again: [again] });
  return (await elsewhere(key, undefined, visit)) ?? 'on';
}
