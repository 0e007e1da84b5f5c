import type { NamedLesson } from '../lessons/named-lesson.ts';
import type { Quit } from './console.ts';
import type { Visit } from './visit.ts';

/**
 * Asks for a lab by its number.
 *
 * @param all what `a` stands for; where it is nothing, there is no `a`
 * @returns undefined where nothing was chosen, or what is not there
 */
export async function pick(
  what: string,
  all: readonly NamedLesson[],
  { console, lessons }: Visit,
): Promise<readonly NamedLesson[] | undefined | Quit> {
  const [or, letter] = all.length > 0 ? [', or a for all', 'a'] : ['', ''];
  const typed = await console.line(
    `${what} (its number${or}, then Enter):`,
    `0123456789${letter}`,
    2,
  );
  if (typed === 'quit' || typed === '') return typed === '' ? undefined : typed;
  if (typed === 'a') return all;
  const found = lessons.filter(({ number }) => Number(number) === Number(typed));
  if (found.length > 0) return found;
  console.say(`There is no lab ${typed}.`);
  return undefined;
}
