// Files of exercises: none too many, none too few.
import test from 'ava';
import { strayFindings } from '../../runners/content/stray.ts';
import type { ServerExercise } from '../../runners/workshop/lessons/lesson.ts';
import { folderWith } from '../_folder.ts';
import { LANGUAGES } from '../_observation.ts';
import { EXERCISE, lessonOf, taskOf } from '../workshop/_lessons.ts';

const { task, fails, hints, explains } = EXERCISE;
const OF_SERVER: ServerExercise = {
  ...{ task, fails, hints, explains },
  changes: 'server',
  client: { program: 'ask' },
  serves: { after: 'goes on' },
};
const TASKS = [taskOf(), { ...taskOf('graceful'), exercise: OF_SERVER }];
const LESSONS = [lessonOf('04-crash-server', { tasks: TASKS })];
const PLACE = 'labs/04-crash-server/exercises';
const PAIR = {
  [`${PLACE}/graceful/starter/server.py`]: '',
  [`${PLACE}/graceful/solution/server.py`]: '',
};

for (const [what, files, says] of [
  ['a starter and its solution', PAIR, []],
  ['nothing', {}, []],
  [
    'a starter alone',
    { [`${PLACE}/graceful/starter/Server.java`]: '' },
    [`${PLACE}/graceful/solution/Server.java is missing, but its twin is there`],
  ],
  [
    'a solution alone',
    { [`${PLACE}/graceful/solution/server.js`]: '' },
    [`${PLACE}/graceful/starter/server.js is missing, but its twin is there`],
  ],
  [
    'a file of no language',
    { ...PAIR, [`${PLACE}/graceful/starter/server.cob`]: '' },
    [
      `${PLACE}/graceful/starter/server.cob is no starter and no model solution of an exercise: take it away`,
    ],
  ],
  [
    'files of an exercise that is not there',
    { [`${PLACE}/gracefull/starter/server.py`]: '' },
    [
      `${PLACE}/gracefull/starter/server.py is no starter and no model solution of an exercise: take it away`,
    ],
  ],
  [
    'files of an exercise for the client',
    { [`${PLACE}/retry/starter/server.py`]: '' },
    [
      `${PLACE}/retry/starter/server.py is no starter and no model solution of an exercise: take it away`,
    ],
  ],
] as const) {
  test(`files of exercises: ${what}`, async (t) => {
    const found = await strayFindings(LESSONS, Object.values(LANGUAGES), folderWith(t, files));
    t.deepEqual(
      found,
      says.map((one) => ({ kind: 'wrong', says: one })),
    );
  });
}
