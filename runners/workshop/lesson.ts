import type { StepOutcome } from '../catalog/expectation.ts';
import type { ClientProgram } from '../catalog/programs.ts';
import type { Scene } from '../catalog/stage.ts';

/** What the workshop makes of a lab; `labs/<number>-<name>/lesson.ts` exports one by default. */
export type Lesson = {
  /** The variant that is predicted and run, where the lab has some. */
  readonly variant?: string;
  /** What is there before it happens, in two or three sentences. Nothing of how it ends. */
  readonly setting: string;
  /** What a client may see, in the order of the question: each with what is said to who has chosen it. */
  readonly answers: Readonly<Partial<Record<StepOutcome, string>>>;
  /** Shown after the run: why it ended so, and what follows for a production network. */
  readonly explains: string;
};

/**
 * What is to be learned by doing; `labs/<number>-<name>/exercises.ts` exports it by default. By the name of the cure
 * whose story it is; that cure's program is the model solution.
 */
export type Exercises = Readonly<Record<string, Exercise>>;

/** A program to be changed so that it survives the fault of a lab. */
export type Exercise = {
  /** What it must do, one or two sentences. */
  readonly task: string;
  /** The client whose source is given. */
  readonly starter: ClientProgram;
  /** In place of the cure's: it must wait for nothing that only the model solution does. */
  readonly fault: Scene;
  /** In place of the cure's, too. */
  readonly prepare?: Scene;
  readonly survives: Survives;
  /** How the starter fails: the ends that are the lab's reason for it. `npm run content` sees that it does. */
  readonly fails: readonly StepOutcome[];
  /** From open to nearly all: an idea, and the means. What the last run showed comes before them. */
  readonly hints: readonly [idea: string, means: string];
  /** Shown when it is solved. */
  readonly explains: string;
};

/** What a program that survives does, whatever way it goes. */
export type Survives = {
  /** How often the server's reply must reach the client, and be printed. */
  readonly replies: number;
  /** More connections than these are no patience, but a storm. */
  readonly connections: number;
};

/** Declares a lesson; only there for the types. */
export function lesson(definition: Lesson): Lesson {
  return definition;
}

/** Declares exercises; only there for the types. */
export function exercises(definition: Exercises): Exercises {
  return definition;
}
