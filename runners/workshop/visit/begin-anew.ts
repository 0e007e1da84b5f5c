import type { NamedLesson } from '../lessons/named-lesson.ts';
import { startersAgain } from '../own/desk.ts';
import { Progress } from '../own/progress.ts';
import type { Quit } from './console.ts';
import type { Visit } from './visit.ts';

const YES = { key: 'y', name: 'yes', does: 'begin anew' } as const;
const NO = { key: '\n', name: 'no', does: 'leave all as it is' } as const;

/** Begins a lab, or all, anew, if that is really meant. */
export async function beginAnew(
  which: readonly NamedLesson[],
  visit: Visit,
): Promise<'yes' | 'no' | Quit> {
  const { console } = visit;
  const [one] = which;
  const whole = which.length > 1 || one === undefined;
  const name = whole ? `All ${which.length} labs begin` : `Lab ${one.number} · ${one.name} begins`;
  const question = `${name} anew? What you predicted, ran and solved is forgotten; your files are kept, as *.old.`;
  console.say('', question);
  const key = await console.ask({ keys: [YES, NO], again: [question] });
  if (key !== 'y') return key === '\n' ? 'no' : key;
  const { language, workshop } = visit;
  for (const line of await startersAgain(which, language, workshop)) console.say(line);
  await (await Progress.read(visit.state)).forget(whole ? undefined : one.folder);
  console.say('', `${name} anew.`);
  return 'yes';
}
