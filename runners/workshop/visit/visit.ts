import type { NamedLanguage } from '../../catalog/language.ts';
import type { Assignment, Checked } from '../checks/checker.ts';
import type { NamedLesson } from '../lessons/named-lesson.ts';
import type { Console } from './console.ts';
import type { Played } from './play.ts';

/** What the parts of a lesson are given. */
export type Visit = {
  readonly console: Console;
  readonly lessons: readonly NamedLesson[];
  readonly language: NamedLanguage;
  /** The folder of the participant's files. */
  readonly workshop: string;
  /** The file of what is kept. Read each time: `npm run check` in another window may have changed it. */
  readonly state: string;
  /** Runs the story of a lesson, and shows its result. */
  readonly play: (lesson: NamedLesson) => Promise<Played>;
  /** Runs a participant's program under the fault of a lab. */
  readonly check: (assignment: Assignment, text: string) => Promise<Checked>;
};

/** Where a participant goes from a part of a lesson. */
export type Move =
  /** To what comes next in the lesson. */
  | 'on'
  /** To the next lesson, for now. */
  | 'skip'
  | 'quit'
  | { readonly to: NamedLesson };
