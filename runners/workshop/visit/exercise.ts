import type { Checked } from '../checks/checker.ts';
import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import { layOut, ownFile } from '../own/desk.ts';
import { Progress } from '../own/progress.ts';
import { changedElsewhere } from './changed-elsewhere.ts';
import { checkFile, laidOut } from './check-file.ts';
import { elsewhere } from './elsewhere.ts';
import { showHint } from './hint.ts';
import { LIST, PACKETS, RESET, SKIP } from './key.ts';
import { showPackets } from './packets.ts';
import { say } from './screens.ts';
import { solved } from './solved.ts';
import type { Move, Visit } from './visit.ts';
import { Watch } from './watch.ts';

const HINT = {
  key: 'h',
  name: 'hint',
  does: 'what your last run shows, then more and more',
} as const;
const RUN = { key: 'r', name: 'run', does: 'check the file as it is, without a save' } as const;
const KEYS = [HINT, RUN, PACKETS, LIST, SKIP, RESET] as const;

const EDIT = 'Edit the file in another window; each time it is saved it is checked.';
const HOW = {
  client: `${EDIT} Its steps tell the lab what your client does; the check does without them.`,
  server: EDIT,
} as const;

/** Lays a program out that is to be changed, and checks it each time it is saved. */
export async function exercise(lesson: NamedLesson, task: Task, visit: Visit): Promise<Move> {
  const { console, language, workshop } = visit;
  const file = ownFile(lesson, task, language, workshop);
  await layOut(file, task, language);
  const watch = new Watch(file.path);
  const left = new AbortController();
  const changed = changedElsewhere(lesson, task, visit, left.signal);
  // Whoever asks is told of it.
  changed.catch(() => {});
  const again = [
    ...say(`Exercise ${task.name}: ${file.shown}`, console.screen),
    ...say(task.exercise.task, console.screen),
    '',
    ...say(HOW[task.exercise.changes], console.screen),
  ];
  console.tell('', ...again);
  let checked: Checked | undefined;
  try {
    for (;;) {
      const key = await console.ask({
        keys: KEYS,
        event: Promise.race([watch.change, changed]),
        again,
      });
      if (key === 'saved' || key === 'r') {
        const isThere = await laidOut(lesson, task, file, visit);
        watch.begin();
        if (isThere) checked = (await checkFile(lesson, task, file, visit)) ?? checked;
        if (checked?.verdict === 'pass') {
          const progress = await Progress.read(visit.state);
          await progress.set(lesson.folder, ['solved', task.name], new Date().toISOString());
          return await solved(lesson, task, visit);
        }
      } else if (key === 'elsewhere') return await leave(lesson, task, visit);
      else if (key === 'h') await showHint(lesson, task, checked, visit);
      else if (key === 'p') showPackets(checked?.ran?.result, console);
      else {
        const move = await elsewhere(key, lesson, visit);
        if (move !== undefined) return move;
      }
    }
  } finally {
    watch.close();
    left.abort();
  }
}

/** It was solved in another window, or is to be done anew. */
async function leave(lesson: NamedLesson, task: Task, visit: Visit): Promise<Move> {
  const progress = await Progress.read(visit.state);
  const isSolved = progress.lab(lesson.folder).solved?.[task.name] !== undefined;
  visit.console.say('', `Lab ${lesson.number} was ${isSolved ? 'solved' : 'changed'} elsewhere.`);
  return isSolved ? await solved(lesson, task, visit) : { to: lesson };
}
