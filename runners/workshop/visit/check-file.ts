import { messageOf } from '../../user-error.ts';
import type { Checked } from '../checks/checker.ts';
import { checkReport, conclusion } from '../checks/report.ts';
import type { NamedLesson, Task } from '../lessons/named-lesson.ts';
import { layOut, type OwnFile, ownText } from '../own/desk.ts';
import type { Visit } from './visit.ts';

/** Lays the starter out again where a participant's file is gone. False: nothing can be checked there, and why is told. */
export async function laidOut(
  lesson: NamedLesson,
  task: Task,
  file: OwnFile,
  { console, language }: Visit,
): Promise<boolean> {
  try {
    if (await layOut(file, task, language)) {
      console.say('', `${file.shown} was gone. The program that is given is there again.`);
    }
    return true;
  } catch (error) {
    console.say('', cannotBeChecked(lesson, error));
    return false;
  }
}

/** Checks a participant's file, and shows what came of it. Undefined: it could not be checked. */
export async function checkFile(
  lesson: NamedLesson,
  task: Task,
  file: OwnFile,
  { console, language, check }: Visit,
): Promise<Checked | undefined> {
  try {
    const text = await ownText(file);
    console.say('', `Checking ${file.shown} …`);
    const checked = await console.during(check({ ...task, language }, text));
    // What a check shows whose hosts were taken away is not the program's doing.
    if (console.interrupted) return undefined;
    console.tell('', ...checkReport(checked, console.screen));
    // What a failure follows from is the first hint, for who asks.
    const says = checked.verdict === 'unknown' ? conclusion(checked, task) : undefined;
    if (says !== undefined) console.say('', says);
    return checked;
  } catch (error) {
    if (console.interrupted) return undefined;
    console.say('', cannotBeChecked(lesson, error));
    return undefined;
  }
}

function cannotBeChecked({ number }: NamedLesson, error: unknown): string {
  return `Lab ${number} cannot be checked here: ${messageOf(error)}`;
}
