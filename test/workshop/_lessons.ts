import type { ClientExercise } from '../../runners/workshop/lessons/lesson.ts';
import type { NamedLesson, Task } from '../../runners/workshop/lessons/named-lesson.ts';
import { CRASH } from '../_observation.ts';

export const EXERCISE: ClientExercise = {
  changes: 'client',
  task: 'Let your client get its reply all the same.',
  starter: 'ask',
  fault: async () => {},
  survives: { replies: 1, connections: 2 },
  fails: ['read ECONNRESET'],
  hints: ['An idea.', 'The means.'],
  explains: 'Why that was right.',
};

/** An exercise whose model solution is the program `ask-retry`. */
export function taskOf(name = 'retry', exercise: Partial<ClientExercise> = {}): Task {
  const cure = { ...CRASH, cure: name, client: { program: 'ask-retry' } } as const;
  const folder = `labs/04-crash-server/exercises/${name}`;
  return { name, folder, exercise: { ...EXERCISE, ...exercise }, cure, plain: CRASH };
}

/** A lesson of the folder `04-crash-server`, or of another one. */
export function lessonOf(folder = '04-crash-server', more: Partial<NamedLesson> = {}): NamedLesson {
  const [, number = '', name = ''] = /^(\d+)-(.*)$/.exec(folder) ?? [];
  return {
    setting: 'The server is killed.',
    answers: {
      'read ok': 'Nobody is left to write it.',
      'read eof': 'So it would be had it read all.',
      'read ECONNRESET': 'Unread data is lost, and the kernel says so.',
    },
    explains: 'A crash is no silence.',
    ...{ folder, number, name, headline: CRASH.headline, story: CRASH, tasks: [] },
    ...more,
  };
}
