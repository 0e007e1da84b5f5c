import type { StepOutcome } from '../../catalog/expectation.ts';
import type { ClientOfLab, ClientProgram, ProgramName } from '../../catalog/programs.ts';
import type { Scene } from '../../catalog/stage.ts';

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

/** A program to be changed so that it survives the fault of a lab, or does not bring it about. */
export type Exercise = ClientExercise | ServerExercise;

type Common = {
  /** What it must do, one or two sentences. */
  readonly task: string;
  /** In place of the cure's: it must wait for nothing that only the model solution does. */
  readonly fault?: Scene;
  /** In place of the cure's, too. */
  readonly prepare?: Scene;
  readonly ready?: Scene;
  /** How the starter fails: the ends that are the lab's reason for it. `npm run content` sees that it does. */
  readonly fails: readonly StepOutcome[];
  /** From open to nearly all: an idea, and the means. What the last run showed comes before them. */
  readonly hints: readonly [idea: string, means: string];
  /** Shown when it is solved. */
  readonly explains: string;
};

/** The starter is the lab's own client; the model solution is that of the cure. */
export type ClientExercise = Common & {
  readonly changes: 'client';
  /** The client whose source is given. */
  readonly starter: ClientProgram;
  readonly survives: Survives;
};

/**
 * Starter and model solution are servers of their own, `labs/<lab>/exercises/<cure>/{starter,solution}/`: the file of
 * a language bears the name of its example server. They are called with the port only, and report no steps.
 */
export type ServerExercise = Common & {
  readonly changes: 'server';
  /** Who meets it. */
  readonly client: ClientOfLab;
  readonly serves: Serves;
};

/** What a client that survives does, whatever way it goes. */
export type Survives = {
  /** How often the server's reply must reach the client, and be printed. */
  readonly replies: number;
  /** More connections than these are no patience, but a storm. */
  readonly connections: number;
};

/** What a server does that lets no client down, beside that it replies and sends no RST. */
export type Serves = {
  /** What becomes of it afterwards: `ends`: well, soon after SIGTERM; `goes on`: it lives, and listens. */
  readonly after: 'ends' | 'goes on';
};

/** Declares a lesson; only there for the types. */
export function lesson(definition: Lesson): Lesson {
  return definition;
}

/** The program of the kit whose place a participant's file takes. */
export function placeOf(exercise: Exercise): ProgramName {
  return exercise.changes === 'client' ? exercise.starter : 'server';
}

/** Declares exercises; only there for the types. */
export function exercises(definition: Exercises): Exercises {
  return definition;
}
