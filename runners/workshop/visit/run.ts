import type { StepOutcome } from '../../catalog/expectation.ts';
import { messageOf, UserError } from '../../user-error.ts';
import type { Answer } from '../lessons/answers.ts';
import type { NamedLesson } from '../lessons/named-lesson.ts';
import { Progress } from '../own/progress.ts';
import { elsewhere } from './elsewhere.ts';
import { LIST, NEXT, PACKETS, SKIP } from './key.ts';
import { showPackets } from './packets.ts';
import type { Played } from './play.ts';
import { answered } from './screens.ts';
import type { Move, Visit } from './visit.ts';

export const AGAIN = { key: 'r', name: 'run again', does: 'run the lab once more' } as const;

const EXPLAIN = { key: '\n', name: 'explain', does: 'why it ended so' } as const;

/** Runs a lab, says how that is to be understood, and waits until it was read. */
export async function run(
  lesson: NamedLesson,
  answers: readonly Answer[],
  visit: Visit,
): Promise<Move> {
  for (;;) {
    const played = await runOnce(lesson, visit);
    const move = await askOn(lesson, answers, played, visit);
    if (move !== 'again') return move;
  }
}

/** @returns undefined where it could not be run */
async function runOnce(lesson: NamedLesson, { console, play }: Visit): Promise<Played | undefined> {
  console.tell('', `Running lab ${lesson.number} …`, '');
  try {
    const played = await console.during(play(lesson));
    if (played.came === undefined && !console.interrupted) {
      console.say(
        '',
        'It did not end as the lab says: the reason stands above. Is this machine ready? npm run doctor',
      );
    }
    return played;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.say('', messageOf(error));
    return undefined;
  }
}

async function askOn(
  lesson: NamedLesson,
  answers: readonly Answer[],
  played: Played | undefined,
  visit: Visit,
): Promise<Move | 'again'> {
  const { console } = visit;
  const came = played?.came;
  // On a small terminal the timeline and what explains it do not fit one above the other.
  let wasExplained = false;
  for (;;) {
    const on = came === undefined ? [] : [wasExplained ? NEXT : EXPLAIN];
    const key = await console.ask({
      keys: [...on, AGAIN, ...(played?.cell ? [PACKETS] : []), LIST, SKIP],
    });
    if (key === '\n') {
      if (wasExplained || came === undefined) return 'on';
      await explain(lesson, answers, came, visit);
      wasExplained = true;
    } else if (key === 'r') return 'again';
    else if (key === 'p') showPackets(played?.cell, console);
    else {
      const move = await elsewhere(key, lesson, visit);
      if (move !== undefined) return move;
    }
  }
}

/** Says what was predicted, what came, and why; with it the lab has been run. */
async function explain(
  lesson: NamedLesson,
  answers: readonly Answer[],
  came: StepOutcome,
  { console, state }: Visit,
): Promise<void> {
  const progress = await Progress.read(state);
  const { predicted } = progress.lab(lesson.folder);
  const chosen = answers.find(({ outcome }) => outcome === predicted);
  const seen = answers.filter(({ outcome }) => outcome === came);
  console.tell(...answered(lesson, chosen, seen, console.screen));
  await progress.set(lesson.folder, ['ran'], new Date().toISOString());
}
