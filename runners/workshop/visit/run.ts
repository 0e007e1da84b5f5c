import { messageOf, UserError } from '../../user-error.ts';
import type { Answer } from '../lessons/answers.ts';
import type { NamedLesson } from '../lessons/load.ts';
import { Progress } from '../own/progress.ts';
import { elsewhere } from './elsewhere.ts';
import { LIST, NEXT, PACKETS, SKIP } from './key.ts';
import { showPackets } from './packets.ts';
import type { Played } from './play.ts';
import { answered } from './screens.ts';
import type { Move, Visit } from './visit.ts';

export const AGAIN = { key: 'r', name: 'run again', does: 'run the lab once more' } as const;

/** Runs a lab, says how that is to be understood, and waits until it was read. */
export async function run(
  lesson: NamedLesson,
  answers: readonly Answer[],
  visit: Visit,
): Promise<Move> {
  for (;;) {
    const played = await runOnce(lesson, answers, visit);
    const move = await askOn(lesson, played, visit);
    if (move !== 'again') return move;
  }
}

/** @returns undefined where it could not be run */
async function runOnce(
  lesson: NamedLesson,
  answers: readonly Answer[],
  { console, play, ...visit }: Visit,
): Promise<Played | undefined> {
  console.tell('', `Running lab ${lesson.number} …`, '');
  let played: Played;
  try {
    played = await console.during(play(lesson));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.say('', messageOf(error));
    return undefined;
  }
  if (console.interrupted) return played;
  const { came } = played;
  if (came === undefined) {
    console.say(
      '',
      'It did not end as the lab says: the reason stands above. Is this machine ready? npm run doctor',
    );
    return played;
  }
  const progress = await Progress.read(visit.state);
  const { predicted } = progress.lab(lesson.folder);
  const chosen = answers.find(({ outcome }) => outcome === predicted);
  const seen = answers.filter(({ outcome }) => outcome === came);
  console.tell(...answered(lesson, chosen, seen, console.screen));
  await progress.set(lesson.folder, ['ran'], new Date().toISOString());
  return played;
}

async function askOn(
  lesson: NamedLesson,
  played: Played | undefined,
  visit: Visit,
): Promise<Move | 'again'> {
  const { console } = visit;
  const keys = [
    ...(played?.came === undefined ? [] : [NEXT]),
    AGAIN,
    ...(played?.cell ? [PACKETS] : []),
    ...[LIST, SKIP],
  ];
  for (;;) {
    const key = await console.ask({ keys });
    if (key === '\n') return 'on';
    if (key === 'r') return 'again';
    if (key === 'p') showPackets(played?.cell, console);
    else {
      const move = await elsewhere(key, lesson, visit);
      if (move !== undefined) return move;
    }
  }
}
