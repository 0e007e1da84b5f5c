import { ERRNOS, type Errno } from '../catalog/errno.ts';
import type { Entry } from './entries.ts';
import { MEANINGS } from './meanings.ts';
import { hasWord } from './words.ts';

/** An errno without the words of a language, and what of a line names it. */
export type Bare = { readonly errno: Errno; readonly found: string };

/** The errnos that a line names: by name, by the system's words, or by number where it says that it is one. */
export function errnosIn(line: string): Bare[] {
  const low = line.toLowerCase();
  return PATTERNS.flatMap(([errno, pattern]) => {
    const [found] = pattern.exec(low) ?? [];
    if (found === undefined) return [];
    const from = low.indexOf(found);
    return [{ errno, found: line.slice(from, from + found.length) }];
  });
}

const PATTERNS = ERRNOS.flatMap((errno): [Errno, RegExp][] => {
  const { system, number } = MEANINGS[errno];
  if (system === null || number === null) return [];
  const name = `(?<![a-z])${errno.toLowerCase()}(?![a-z])`;
  const counted = `\\b(?:errno|os error|os \\{ code)\\b\\W{0,3}${number}\\b`;
  return [[errno, new RegExp(`${name}|${system}|${counted}`)]];
});

/** Entries whose type alone is in a line, where the type's own name tells an errno: `ConnectionResetError`. */
export function typesIn(line: string, entries: readonly Entry[]): Entry[] {
  return entries.filter(({ face }) => TELLING.test(face.type) && hasWord(line, face.type));
}

const TELLING = /[A-Z]\w*(?:Refused|Reset|Aborted|Pipe|TimedOut|Unreachable)|::E[A-Z]{4}/;
