import { letter } from './screens.ts';

/** A key that a question takes. */
export type Key<K extends string = string> = {
  /** What the terminal sends; `\n` for Enter. */
  readonly key: K;
  /** What it is for, in the prompt. */
  readonly name: string;
  /** The same in a sentence, for who asks for help. */
  readonly does: string;
};

export const NEXT = { key: '\n', name: 'next', does: 'go on' } as const;

export const LIST = {
  key: 'l',
  name: 'list',
  does: 'all labs: which are done, filter them, go to one, begin one anew',
} as const;

export const SKIP = {
  key: 's',
  name: 'skip',
  does: 'leave this lab for later, and go to the next; the list leads back to it',
} as const;

export const PACKETS = {
  key: 'p',
  name: 'packets',
  does: 'all segments of the last run, those that only acknowledge, too',
} as const;

export const RESET = {
  key: 'x',
  name: 'reset',
  does: 'begin this lab anew; your file is kept beside the new one',
} as const;

export const SOLUTION = {
  key: 'm',
  name: 'solution',
  does: 'the model solution: one way to do it; yours may be another',
} as const;

export const QUIT = {
  key: 'q',
  name: 'quit',
  does: 'leave; your place is kept (Ctrl-C and Ctrl-D do the same)',
} as const;

export const HELP = {
  key: '?',
  name: 'help',
  does: 'the question again, and these lines',
} as const;

/** The line under a question: `h hint · r run · q quit · ? help`, each key whole on one line. */
export function promptOf(letters: number, keys: readonly Key[], columns: number): string {
  const all = [
    ...(letters > 0 ? [shownLetters(letters)] : []),
    ...keys.map(({ key, name }) => `${shown(key)} ${name}`),
  ];
  const lines: string[] = [];
  for (const one of all) {
    const longer = lines.length > 0 ? `${lines.at(-1)} · ${one}` : one;
    // What is typed stands behind it.
    if (lines.length > 0 && longer.length + 2 <= columns) lines.splice(-1, 1, longer);
    else lines.push(one);
  }
  return lines.join('\n');
}

/** What each key does, for who asks for help. */
export function helpOf(letters: number, keys: readonly Key[]): [key: string, does: string][] {
  return [
    ...(letters > 0 ? [[shownLetters(letters), 'your answer'] as [string, string]] : []),
    ...keys.map(({ key, does }): [string, string] => [shown(key), does]),
  ];
}

function shownLetters(count: number): string {
  const all = Array.from({ length: count }, (_, place) => letter(place));
  return count <= 6 ? all.join('/') : `${all[0]} to ${all.at(-1)}`;
}

function shown(key: string): string {
  return key === '\n' ? 'Enter' : key;
}
