import { randomBytes } from 'node:crypto';
import type { Choice } from '../../engines/choose.ts';
import { EXIT, type ExitStatus } from '../../user-error.ts';
import { Checker } from '../checks/checker.ts';
import { lessonsIn } from '../lessons/load.ts';
import type { NamedLesson } from '../lessons/named-lesson.ts';
import { stateFile, workshopFolder } from '../own/folder.ts';
import { ownLanguage } from '../own/own-language.ts';
import type { Progress } from '../own/progress.ts';
import { Checks } from './checks.ts';
import { chooseLanguage } from './choose-language.ts';
import { Console } from './console.ts';
import { throughLessons } from './loop.ts';
import { play, type Show } from './play.ts';

type Workshop = {
  readonly lessons: readonly NamedLesson[];
  readonly progress: Progress;
  readonly choice: Choice;
  readonly show: Show;
};

/** Leads through the lessons at a terminal, key by key, until the participant leaves. */
export async function lead(
  { lessons, progress, choice, show }: Workshop,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const console = Console.ofProcess(interruption);
  const checks = new Checks(() =>
    Checker.open(choice, `workshop-${randomBytes(3).toString('hex')}`, console.progress.say),
  );
  const stop = () => void checks.close().catch(() => {});
  interruption.addEventListener('abort', stop, { once: true });
  try {
    const name = progress.language ?? (await chooseLanguage(console));
    if (name !== undefined) {
      const language = await ownLanguage(name, stateFile());
      if (progress.language === undefined) await progress.choose(name);
      await throughLessons({
        ...{ console, language, workshop: workshopFolder(), state: stateFile() },
        lessons: await lessonsIn(lessons, language),
        play: ({ story }) =>
          play(story, language, { choice, show, progress: console.progress }, interruption),
        check: (assignment, text) => checks.check(assignment, text),
      });
      console.say('Your place is kept. Go on: npm run workshop');
    }
  } finally {
    console.close();
    await checks.close();
    interruption.removeEventListener('abort', stop);
  }
  return console.interrupted ? EXIT.interrupted : EXIT.pass;
}
