import type { NamedLab } from '../../catalog/lab.ts';
import type { Exercise, Lesson } from './lesson.ts';

/** A lesson with the stories that it is about. */
export type NamedLesson = Lesson & {
  /** Its lab's folder: `04-crash-server`. */
  readonly folder: string;
  readonly number: string;
  readonly name: string;
  readonly headline: string;
  /** The story that is predicted and run. */
  readonly story: NamedLab;
  readonly tasks: readonly Task[];
};

/** An exercise of a lesson. */
export type Task = {
  /** That of the cure. */
  readonly name: string;
  /** Where files of its own are, in the project: `labs/03-abort/exercises/graceful`. */
  readonly folder: string;
  readonly exercise: Exercise;
  /** The story of the cure, whose program is the model solution. */
  readonly cure: NamedLab;
  /** The story that it cures. */
  readonly plain: NamedLab;
};
