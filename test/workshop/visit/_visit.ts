import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { within } from '../../../runners/deadline.ts';
import type { Checked } from '../../../runners/workshop/checks/checker.ts';
import type { NamedLesson } from '../../../runners/workshop/lessons/named-lesson.ts';
import { Progress } from '../../../runners/workshop/own/progress.ts';
import { Console } from '../../../runners/workshop/visit/console.ts';
import { Keys } from '../../../runners/workshop/visit/keys.ts';
import type { Played } from '../../../runners/workshop/visit/play.ts';
import type { Visit } from '../../../runners/workshop/visit/visit.ts';
import { folderWith } from '../../_folder.ts';
import { crash, LANGUAGES } from '../../_observation.ts';
import { FAIL, PASS } from '../../reports/_results.ts';
import { lessonOf, taskOf } from '../_lessons.ts';

export const TIME = '2026-11-22T01:12:03.456Z';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';
export const ENTER = '\r';
/** Keys that mean nothing anywhere: other letters and digits, arrows, function keys, Escape, a line of text. */
export const NOISE = ['z', 'Z', '7', ' ', 'ö', '\u001b[A', '\u001bOP', '\u001b[3~', '\u001b', '\t'];

export const RETRY = taskOf('retry');
export const HELLO = lessonOf('01-hello', { headline: 'A request and its reply' });
export const CRASH = lessonOf('04-crash-server', { tasks: [RETRY] });
export const IDLE = lessonOf('12-idle-timeout', { tasks: [taskOf('validate')] });

/** Where the exercise of {@link CRASH} is next. */
export const AT_EXERCISE = `version: 1
labs:
  04-crash-server: { predicted: read eof, ran: ${TIME} }
`;

/** What a check shows whose program has passed, or has met the fault and given up. */
export function checkedOf(verdict: Checked['verdict'], more: Partial<Checked> = {}): Checked {
  const standing = { pass: 'met', fail: 'not met', unknown: 'unknown' } as const;
  return {
    changes: 'client',
    verdict,
    points: [{ asks: 'it prints the reply', standing: standing[verdict], shows: 'none' }],
    ran: { result: FAIL, observation: crash(), pcap: null },
    compiler: [],
    ...more,
  };
}

/** What the last run of {@link checkedOf} shows. */
export const SHOWN =
  'Your client made one connection, and a RST ended it. It did not try another one.';

/** What a person does: presses keys, or something else, in another window. */
export type Deed = string | (() => unknown);

type Options = {
  readonly deeds: readonly Deed[];
  readonly state?: string;
  readonly columns?: number;
  readonly lessons?: readonly NamedLesson[];
  readonly language?: Visit['language'];
  readonly play?: Visit['play'];
  readonly check?: Visit['check'];
};

/** A visit of somebody who does this, one deed for each question, at a terminal whose lines are collected. */
export function visitOf(t: ExecutionContext, { deeds, state, columns = 80, ...more }: Options) {
  const workshop = folderWith(t, state === undefined ? {} : { 'progress.yaml': state });
  const file = join(workshop, 'progress.yaml');
  const { console, seen, interrupt, press, left } = consoleOf(deeds, columns);
  const asked: string[] = [];
  const visit: Visit = {
    ...{ console, workshop, state: file, language: LANGUAGES.python },
    lessons: [HELLO, CRASH, IDLE],
    play: async (): Promise<Played> => ({ came: 'read ECONNRESET', cell: PASS }),
    ...more,
    check: async (assignment, text) => {
      asked.push(text);
      return await (more.check ?? (async () => checkedOf('fail')))(assignment, text);
    },
  };
  return {
    ...{ visit, seen, interrupt, press, left },
    /** The programs that were checked. */
    checked: asked,
    /** The participant's file of the exercise of {@link CRASH}. */
    own: join(workshop, CRASH.folder, 'ask.py'),
    kept: async (lesson: NamedLesson) => (await Progress.read(file)).lab(lesson.folder),
    state: () => readFileSync(file, 'utf8'),
  };
}

/** A console at which somebody does this. */
export function consoleOf(deeds: readonly Deed[], columns = 80) {
  const left = [...deeds];
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  let text = '';
  const write = (more: string) => {
    text += more;
    return true;
  };
  const out = { isTTY: false, columns, write };
  const terminal = new Terminal();
  const keys = new Keys(terminal as unknown as NodeJS.ReadStream, interrupt);
  const doing = {
    async one<T>(wanted: string, given?: Promise<T>): Promise<string | T> {
      const deed = left.shift();
      const asked = text.trimEnd().split('\n').slice(-2).join(' / ');
      const did = typeof deed === 'string' ? terminal.emit('data', deed) : deed?.();
      const name =
        typeof deed === 'string' ? JSON.stringify(deed) : `deed ${deeds.length - left.length}`;
      const answer = keys.one(wanted, given);
      const state =
        deed === undefined
          ? `a deed that answers "${asked}"`
          : `what ${name} answers to "${asked}"`;
      await did;
      return await within(state, answer, deed === undefined ? 500 : 10_000);
    },
    forget: () => keys.forget(),
    close: () => keys.close(),
    get isGone() {
      return keys.isGone;
    },
  };
  const console = new Console(doing, out as unknown as NodeJS.WriteStream, interruption.signal);
  return {
    ...{ console, interrupt, terminal },
    /** Keys that are pressed while nothing is asked. */
    press: (keys: string) => terminal.emit('data', keys),
    /** What was shown; each look begins where the one before has ended. */
    seen(): string {
      const all = text;
      text = '';
      return all;
    },
    /** What nobody has done yet. */
    left,
  };
}

class Terminal extends EventEmitter {
  setRawMode = () => this;
  setEncoding = () => this;
  pause = () => this;
}
