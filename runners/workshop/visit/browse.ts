import type { NamedLesson } from '../lessons/named-lesson.ts';
import { FILTERS, type Filter } from '../own/course.ts';
import { Progress } from '../own/progress.ts';
import { beginAnew } from './begin-anew.ts';
import type { Quit } from './console.ts';
import { pick } from './pick.ts';
import { list } from './screens.ts';
import type { Move, Visit } from './visit.ts';

const BACK = { key: '\n', name: 'back', does: 'to where you were' } as const;
const GO = { key: 'g', name: 'go to', does: 'go to a lab, by its number' } as const;
const ANEW = { key: 'x', name: 'reset', does: 'begin a lab, or all, anew' } as const;

/** What the list shows, in the order in which `f` leads through it. */
const VIEWS: readonly (Filter | undefined)[] = [undefined, ...FILTERS];

/**
 * Shows the list of the labs, until a participant goes to one, or back.
 *
 * @param current where the participant is; undefined behind the last
 * @returns undefined to go on there
 */
export async function browse(
  current: NamedLesson | undefined,
  visit: Visit,
): Promise<Move | undefined> {
  let [view] = VIEWS;
  let wasReset = false;
  await show(view, visit);
  for (;;) {
    const next = VIEWS[(VIEWS.indexOf(view) + 1) % VIEWS.length];
    const FILTER = { key: 'f', name: next ?? 'all', does: WHAT_FILTER_DOES } as const;
    const key = await visit.console.ask({ keys: [BACK, GO, FILTER, ANEW] });
    if (key === 'quit') return key;
    // Where the participant was, there is nothing any more.
    if (key === '\n') return wasReset && current ? { to: current } : undefined;
    if (key === 'g') {
      const chosen = await pick('Go to lab', [], visit);
      if (chosen === 'quit') return chosen;
      if (chosen?.[0]) return { to: chosen[0] };
    } else if (key === 'f') {
      view = next;
      await show(view, visit);
    } else {
      const labs = await reset(visit);
      if (labs === 'quit') return labs;
      wasReset ||= labs.some((lab) => lab === current);
    }
  }
}

/** @returns the labs that begin anew */
async function reset(visit: Visit): Promise<readonly NamedLesson[] | Quit> {
  const chosen = await pick('Reset lab', visit.lessons, visit);
  if (chosen === undefined || chosen === 'quit') return chosen ?? [];
  const answer = await beginAnew(chosen, visit);
  return answer === 'yes' ? chosen : answer === 'no' ? [] : answer;
}

const WHAT_FILTER_DOES = 'only labs to do, only those done, only those skipped, all again';

async function show(view: Filter | undefined, { console, lessons, state }: Visit): Promise<void> {
  const progress = await Progress.read(state);
  const title = view === undefined ? [] : [`Only ${view}:`];
  console.tell('', ...title, ...list(lessons, progress, view, console.screen));
}
