import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { StepOutcome } from '../catalog/expectation.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { languageNames } from '../catalog/load.ts';
import type { Choice } from '../engines/choose.ts';
import { type Screen, screenOf } from '../reports/terminal/text.ts';
import { timeline } from '../reports/terminal/timeline.ts';
import { EXIT, type ExitStatus, messageOf, UserError } from '../user-error.ts';
import { type Answer, answerOf } from './answers.ts';
import { type Checked, Checker } from './checker.ts';
import { currentLesson, nextOf } from './course.ts';
import { layOut, ownFile, STATE, solutionText } from './desk.ts';
import { Keys } from './keys.ts';
import type { NamedLesson, Task } from './load.ts';
import { ownLanguage } from './own-language.ts';
import { play, type Show } from './play.ts';
import type { Progress } from './progress.ts';
import { checkReport, conclusion } from './report.ts';
import { saved } from './saved.ts';
import { answered, heading, letter, list, question, say } from './screens.ts';

type Workshop = {
  readonly lessons: readonly NamedLesson[];
  readonly progress: Progress;
  readonly choice: Choice;
  readonly show: Show;
};

/** What a person wants next: to stay with what comes next by itself, to go to the next lesson, or to leave. */
type Wish = 'on' | 'skip' | 'quit';

/** Leads through the lessons at a terminal, key by key, until the participant leaves. */
export async function lead(workshop: Workshop, interruption: AbortSignal): Promise<ExitStatus> {
  const keys = new Keys(process.stdin);
  const visit = new Visit(workshop, keys, interruption);
  try {
    await visit.go();
  } finally {
    keys.close();
    await visit.close();
  }
  return interruption.aborted ? EXIT.interrupted : EXIT.pass;
}

class Visit {
  readonly #workshop: Workshop;
  readonly #keys: Keys;
  readonly #signal: AbortSignal;
  readonly #interrupted: Promise<string>;
  #checker: Promise<Checker> | undefined;

  constructor(workshop: Workshop, keys: Keys, signal: AbortSignal) {
    this.#workshop = workshop;
    this.#keys = keys;
    this.#signal = signal;
    this.#interrupted = new Promise((resolve) => {
      if (signal.aborted) resolve(Keys.interrupt);
      signal.addEventListener('abort', () => resolve(Keys.interrupt), { once: true });
    });
  }

  async go(): Promise<void> {
    const { lessons, progress } = this.#workshop;
    if (progress.language === undefined && (await this.#chooseLanguage()) === 'quit') return;
    const language = await ownLanguage(progress.language ?? '', STATE);
    for (;;) {
      const lesson = currentLesson(lessons, progress);
      if (lesson === undefined) return tell('', 'All labs are done.');
      if ((await this.#lesson(lesson, language)) === 'quit') {
        return tell('Your place is kept. Go on: npm run workshop');
      }
    }
  }

  async close(): Promise<void> {
    await (await this.#checker?.catch(() => undefined))?.close();
  }

  async #chooseLanguage(): Promise<Wish> {
    const names = await languageNames();
    tell('', 'In which language do you want to work?');
    tell(...names.map((name, place) => `  ${letter(place)}  ${name}`));
    const key = await this.#ask('', names.map((_, place) => letter(place)).join(''));
    const name = names[key.charCodeAt(0) - 'a'.charCodeAt(0)];
    if (isEnd(key) || name === undefined) return 'quit';
    await this.#workshop.progress.choose(name);
    return 'on';
  }

  async #lesson(lesson: NamedLesson, language: NamedLanguage): Promise<Wish> {
    const { lessons, progress } = this.#workshop;
    tell(...heading(lesson, lessons, progress, screen()));
    const answers = Object.keys(lesson.answers).map((outcome) =>
      answerOf(outcome as StepOutcome, language),
    );
    for (;;) {
      const next = nextOf(lesson, progress);
      if (next.what === 'done') return 'on';
      const wish =
        next.what === 'predict'
          ? await this.#predict(lesson, answers, language)
          : next.what === 'run'
            ? await this.#run(lesson, answers, language)
            : await this.#exercise(lesson, next.task, language);
      if (wish === 'on') continue;
      if (wish === 'skip') await progress.set(lesson.folder, ['skipped'], true);
      return wish;
    }
  }

  async #predict(
    lesson: NamedLesson,
    answers: readonly Answer[],
    language: NamedLanguage,
  ): Promise<Wish> {
    tell(...question(lesson, answers, language.title, screen()));
    const letters = answers.map((_, place) => letter(place)).join('');
    for (;;) {
      const key = await this.#ask(
        `${[...letters].join('/')} · l list · s skip · q quit`,
        `${letters}`,
        'lsq',
      );
      const chosen = answers[letters.indexOf(key)];
      if (letters.includes(key) && chosen !== undefined) {
        await this.#workshop.progress.set(lesson.folder, ['predicted'], chosen.outcome);
        return 'on';
      }
      const wish = this.#common(key);
      if (wish !== undefined) return wish;
    }
  }

  async #run(
    lesson: NamedLesson,
    answers: readonly Answer[],
    language: NamedLanguage,
  ): Promise<Wish> {
    const { progress } = this.#workshop;
    tell('');
    const came = await play(lesson.story, language, this.#workshop, this.#signal);
    if (this.#signal.aborted) return 'quit';
    if (came === undefined) {
      tell(
        '',
        'It did not end as the lab says: the reason stands above. Is this machine ready? npm run doctor',
      );
    } else {
      const { predicted } = progress.lab(lesson.folder);
      const chosen = answers.find(({ outcome }) => outcome === predicted);
      const seen = answers.filter(({ outcome }) => outcome === came);
      tell(...answered(lesson, chosen, seen, screen()));
      await progress.set(lesson.folder, ['ran'], new Date().toISOString());
    }
    for (;;) {
      const key = await this.#ask(
        'Enter next · r run again · l list · s skip · q quit',
        '\nr',
        'lsq',
      );
      if (key === '\n' && came !== undefined) return 'on';
      if (key === 'r' || key === '\n') return await this.#run(lesson, answers, language);
      const wish = this.#common(key);
      if (wish !== undefined) return wish;
    }
  }

  async #exercise(lesson: NamedLesson, task: Task, language: NamedLanguage): Promise<Wish> {
    const file = ownFile(lesson, task, language);
    await layOut(file, task, language);
    const { exercise, name } = task;
    tell('', `Exercise ${name}: ${file.shown}`, ...say(exercise.task, screen()));
    tell('', 'Edit the file; each time it is saved it is checked.');
    let checked: Checked | undefined;
    let text = await readFile(file.path, 'utf8');
    let watching = new AbortController();
    let change = saved(file.path, watching.signal);
    try {
      for (;;) {
        const key = await this.#ask(
          'h hint · r run · p packets · l list · s skip · q quit',
          'hrp',
          'lsq',
          change,
        );
        if (key === 'saved' || key === 'r') {
          // What is saved while this is checked is checked after it.
          watching.abort();
          watching = new AbortController();
          change = saved(file.path, watching.signal);
          text = await readFile(file.path, 'utf8').catch(() => text);
          checked = await this.#check(lesson, task, language, text);
          if (checked?.verdict === 'pass') return await this.#solved(lesson, task, language);
        } else if (key === 'h') await this.#hint(lesson, task, checked);
        else if (key === 'p') {
          tell(
            '',
            ...(checked?.ran
              ? timeline(checked.ran.result, screen(), true)
              : ['Nothing has run yet: r']),
          );
        } else {
          const wish = this.#common(key);
          if (wish !== undefined) return wish;
        }
      }
    } finally {
      watching.abort();
    }
  }

  async #check(
    lesson: NamedLesson,
    task: Task,
    language: NamedLanguage,
    text: string,
  ): Promise<Checked | undefined> {
    try {
      this.#checker ??= Checker.open(
        this.#workshop.choice,
        `workshop-${randomBytes(3).toString('hex')}`,
        (progress) => tell(progress),
      );
      tell('');
      const checked = await (await this.#checker).check({ ...task, language }, text);
      tell(...checkReport(checked, screen()));
      const says = checked.verdict === 'pass' ? undefined : conclusion(checked, task);
      if (says !== undefined) tell('', ...say(says, screen()));
      return checked;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      tell(
        '',
        ...say(`Lab ${lesson.number} cannot be checked here: ${messageOf(error)}`, screen()),
      );
      return undefined;
    }
  }

  async #solved(lesson: NamedLesson, task: Task, language: NamedLanguage): Promise<Wish> {
    const { progress } = this.#workshop;
    await progress.set(lesson.folder, ['solved', task.name], new Date().toISOString());
    tell('', 'Solved.', ...say(task.exercise.explains, screen()));
    for (;;) {
      const key = await this.#ask('Enter next · m model solution · q quit', '\nm', 'q');
      if (key === '\n') return 'on';
      if (key === 'm') tell('', await solutionText(task, language));
      if (key === 'q' || isEnd(key)) return 'quit';
    }
  }

  /** What the own run has shown, then the idea, then the means. */
  async #hint(lesson: NamedLesson, task: Task, checked: Checked | undefined): Promise<void> {
    const { progress } = this.#workshop;
    const { hints = {} } = progress.lab(lesson.folder);
    const own = checked && conclusion(checked, task);
    const all = [
      own ?? 'Run it first (r): what it shows is the first hint.',
      ...task.exercise.hints,
    ];
    const given = hints[task.name] ?? 0;
    const shown = Math.min(given, all.length - 1);
    tell('', `Hint ${shown + 1} of ${all.length}`, ...say(all[shown] ?? '', screen()));
    // Without a run there was no first hint.
    if (shown > 0 || own !== undefined) {
      await progress.set(lesson.folder, ['hints', task.name], Math.min(given + 1, all.length));
    }
  }

  /** Keys that mean the same everywhere; undefined: go on asking. */
  #common(key: string): Wish | undefined {
    const { lessons, progress } = this.#workshop;
    if (key === 'q' || isEnd(key)) return 'quit';
    if (key === 's') return 'skip';
    if (key === 'l') tell('', ...list(lessons, progress, undefined), '');
    return undefined;
  }

  /** Shows the keys, and waits for one of them, or for what else may come. */
  async #ask<T extends string = never>(
    prompt: string,
    own: string,
    common = 'q',
    given?: Promise<T>,
  ): Promise<string> {
    if (prompt !== '') process.stdout.write(`\n${prompt} `);
    const key = await this.#keys.one(
      `${own}${common}`,
      Promise.race([this.#interrupted, ...(given ? [given] : [])]),
    );
    process.stdout.write('\n');
    return key;
  }
}

function screen(): Screen {
  return screenOf(process.stdout);
}

function isEnd(key: string): boolean {
  return key === Keys.end || key === Keys.interrupt;
}

function tell(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
