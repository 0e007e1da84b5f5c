import type { NamedLesson } from '../lessons/named-lesson.ts';
import { beginAnew } from './begin-anew.ts';
import { browse } from './browse.ts';
import type { Quit } from './console.ts';
import type { LIST, RESET, SKIP } from './key.ts';
import type { Move, Visit } from './visit.ts';

/** Keys that mean the same in all parts of a lesson, and lead out of them; undefined: go on asking. */
export async function elsewhere(
  key: typeof LIST.key | typeof SKIP.key | typeof RESET.key | Quit,
  lesson: NamedLesson | undefined,
  visit: Visit,
): Promise<Move | undefined> {
  if (key === 'l') return await browse(lesson, visit);
  if (key !== 'x') return key === 's' ? 'skip' : key;
  if (lesson === undefined) return undefined;
  const answer = await beginAnew([lesson], visit);
  return answer === 'yes' ? { to: lesson } : answer === 'quit' ? answer : undefined;
}
