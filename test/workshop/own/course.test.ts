import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  currentLesson,
  lessonAfter,
  nextOf,
  standing,
} from '../../../runners/workshop/own/course.ts';
import { Progress } from '../../../runners/workshop/own/progress.ts';
import { folderWith } from '../../_folder.ts';
import { lessonOf, taskOf } from '../_lessons.ts';

const TIME = '2026-11-22T01:12:03.456Z';
const [RETRY, TWICE] = [taskOf('retry'), taskOf('not-twice')];
const HELLO = lessonOf('01-hello');
const CRASH = lessonOf('04-crash-server', { tasks: [RETRY, TWICE] });
const LESSONS = [HELLO, CRASH];

function begun(t: ExecutionContext): Promise<Progress> {
  return Progress.read(join(folderWith(t), 'progress.yaml'));
}

/** What a participant does in a lesson, one after the other. */
const deeds = {
  predict: (progress: Progress, lab: string) => progress.set(lab, ['predicted'], 'read eof'),
  run: (progress: Progress, lab: string) => progress.set(lab, ['ran'], TIME),
  solve: (progress: Progress, lab: string, name: string) =>
    progress.set(lab, ['solved', name], TIME),
  skip: (progress: Progress, lab: string) => progress.set(lab, ['skipped'], true),
};

test('a lesson is predicted, run, and its exercises are solved one by one', async (t) => {
  const progress = await begun(t);
  const next = () => nextOf(CRASH, progress);
  t.deepEqual(next(), { what: 'predict' });
  await deeds.predict(progress, CRASH.folder);
  t.deepEqual(next(), { what: 'run' });
  await deeds.run(progress, CRASH.folder);
  t.deepEqual(next(), { what: 'exercise', task: RETRY });
  t.is(standing(CRASH, progress), 'todo');
  await deeds.solve(progress, CRASH.folder, 'retry');
  t.deepEqual(next(), { what: 'exercise', task: TWICE });
  t.is(standing(CRASH, progress), 'todo');
  await deeds.solve(progress, CRASH.folder, 'not-twice');
  t.deepEqual(next(), { what: 'done' });
  t.is(standing(CRASH, progress), 'done');
});

test('a lesson without exercises is done when it was run', async (t) => {
  const progress = await begun(t);
  await deeds.predict(progress, HELLO.folder);
  t.is(standing(HELLO, progress), 'todo');
  await deeds.run(progress, HELLO.folder);
  t.deepEqual(nextOf(HELLO, progress), { what: 'done' });
  t.is(standing(HELLO, progress), 'done');
});

test('exercises may be solved in any order, and before the lesson was run', async (t) => {
  const progress = await begun(t);
  await deeds.solve(progress, CRASH.folder, 'not-twice');
  t.deepEqual(nextOf(CRASH, progress), { what: 'predict' });
  await deeds.predict(progress, CRASH.folder);
  await deeds.run(progress, CRASH.folder);
  t.deepEqual(nextOf(CRASH, progress), { what: 'exercise', task: RETRY });
  await deeds.solve(progress, CRASH.folder, 'retry');
  t.deepEqual(nextOf(CRASH, progress), { what: 'done' });
});

test('who has solved all exercises is done, also without having predicted and run', async (t) => {
  const progress = await begun(t);
  await deeds.solve(progress, CRASH.folder, 'retry');
  t.deepEqual(nextOf(CRASH, progress), { what: 'predict' });
  await deeds.solve(progress, CRASH.folder, 'not-twice');
  t.deepEqual(nextOf(CRASH, progress), { what: 'done' });
  t.is(standing(CRASH, progress), 'done');
});

test('an exercise that the lesson no longer has is not missed, and does not count', async (t) => {
  const progress = await begun(t);
  await deeds.predict(progress, CRASH.folder);
  await deeds.run(progress, CRASH.folder);
  await deeds.solve(progress, CRASH.folder, 'of-long-ago');
  t.deepEqual(nextOf(CRASH, progress), { what: 'exercise', task: RETRY });
});

test('the lesson that comes next is the first with something to do', async (t) => {
  const progress = await begun(t);
  t.is(currentLesson(LESSONS, progress), HELLO);
  await deeds.predict(progress, HELLO.folder);
  t.is(currentLesson(LESSONS, progress), HELLO);
  await deeds.run(progress, HELLO.folder);
  t.is(currentLesson(LESSONS, progress), CRASH);
  for (const deed of [deeds.predict, deeds.run]) await deed(progress, CRASH.folder);
  await deeds.solve(progress, CRASH.folder, 'retry');
  t.is(currentLesson(LESSONS, progress), CRASH);
  await deeds.solve(progress, CRASH.folder, 'not-twice');
  t.is(currentLesson(LESSONS, progress), undefined);
});

test('a lesson that is skipped is passed over, and stays to be done', async (t) => {
  const progress = await begun(t);
  await deeds.skip(progress, HELLO.folder);
  t.is(currentLesson(LESSONS, progress), CRASH);
  t.is(standing(HELLO, progress), 'skipped');
  t.deepEqual(nextOf(HELLO, progress), { what: 'predict' });
  t.is(standing(CRASH, progress), 'todo');
  await deeds.skip(progress, CRASH.folder);
  t.is(currentLesson(LESSONS, progress), undefined);
});

test('what was skipped and is done all the same is done', async (t) => {
  const progress = await begun(t);
  for (const deed of [deeds.skip, deeds.predict, deeds.run]) await deed(progress, HELLO.folder);
  t.is(standing(HELLO, progress), 'done');
});

test('behind a lesson comes the next one in which something is to do, behind the last the first', async (t) => {
  const progress = await begun(t);
  const IDLE = lessonOf('12-idle-timeout');
  const lessons = [...LESSONS, IDLE];
  t.is(lessonAfter(undefined, lessons, progress), HELLO);
  t.is(lessonAfter(HELLO, lessons, progress), CRASH);
  t.is(lessonAfter(IDLE, lessons, progress), HELLO);
  await deeds.skip(progress, CRASH.folder);
  t.is(lessonAfter(HELLO, lessons, progress), IDLE);
  await deeds.skip(progress, IDLE.folder);
  t.is(lessonAfter(HELLO, lessons, progress), HELLO);
  await deeds.skip(progress, HELLO.folder);
  t.is(lessonAfter(HELLO, lessons, progress), undefined);
});
