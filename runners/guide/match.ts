import { ERRNOS, type Errno } from '../catalog/errno.ts';
import { type Entry, textOf } from './entries.ts';
import { MEANINGS } from './meanings.ts';

export type Match = {
  /** The line of the text in which it was found. */
  readonly line: string;
  /** What was found there. */
  readonly found: string;
  /** Entries that show it; none where only the name, the number or the system's words of an errno are there. */
  readonly entries: readonly Entry[];
  readonly errno: Errno;
};

type Hit = {
  readonly entry: Entry;
  readonly from: number;
  readonly to: number;
  readonly typed: boolean;
};

/**
 * What of a text, a message, a stack trace, a log, is one of the texts that languages show. In each line the
 * longest ones count: "Connection reset by peer" is not "Connection reset".
 */
export function matches(text: string, entries: readonly Entry[]): Match[] {
  const found = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => inLine(line, entries));
  const seen = new Set<string>();
  return found.filter(({ errno, found: words }) => {
    const key = `${errno} ${words}`;
    return !seen.has(key) && seen.add(key);
  });
}

function inLine(line: string, entries: readonly Entry[]): Match[] {
  const hits = entries.flatMap((entry) => hitsOf(line, entry));
  const whole = hits.filter((hit) => !hits.some((other) => isWithin(hit, other)));
  // One whose type stands there, too, is told from those that only share its words.
  const best = whole.some(({ typed }) => typed) ? whole.filter(({ typed }) => typed) : whole;
  if (best.length === 0) return errnosIn(line);
  return ERRNOS.flatMap((errno) => {
    const own = best.filter(({ entry }) => entry.errno === errno);
    const [first] = own;
    if (!first) return [];
    return [
      {
        ...{ line, errno, entries: [...new Set(own.map(({ entry }) => entry))] },
        found: line.slice(first.from, first.to),
      },
    ];
  });
}

/** Where a line has the words of an entry. */
function hitsOf(line: string, entry: Entry): Hit[] {
  const { type, message } = entry.face;
  const typed = hasWord(line, type);
  if (message === '') {
    // With words after it, it is another error of that type.
    const said = line.replace(/:$/, '');
    const from = said.length - type.length;
    return typed && said.endsWith(type) ? [{ entry, from, to: said.length, typed }] : [];
  }
  return [message, ...(entry.face.or ?? [])]
    .flatMap((own) => [...line.matchAll(patternOf(own))])
    .map(({ index, 0: words }) => ({
      ...{ entry, typed, from: index, to: index + words.length },
    }));
}

function isWithin(hit: Hit, other: Hit): boolean {
  const isLonger = other.to - other.from > hit.to - hit.from;
  return isLonger && other.from <= hit.from && hit.to <= other.to;
}

/** `{address}`, `{own}` and `{peer}` stand for any address, `{port}` and `{number}` for any number. */
function patternOf(message: string): RegExp {
  const known = patterns.get(message);
  if (known !== undefined) return known;
  const source = message
    .split(/(\{\w+\})/)
    .map((part) => PLACEHOLDERS[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  const [before, after] = [
    /^\w/.test(message) ? '(?<!\\w)' : '',
    /\w$/.test(message) ? '(?!\\w)' : '',
  ];
  const pattern = new RegExp(`${before}${source}${after}`, 'g');
  patterns.set(message, pattern);
  return pattern;
}

const patterns = new Map<string, RegExp>();

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '{address}': '[\\w.:-]+',
  '{own}': '[\\w.:[\\]-]+',
  '{peer}': '[\\w.:[\\]-]+',
  '{port}': '\\d+',
  '{number}': '\\d+',
};

function hasWord(line: string, word: string): boolean {
  const from = line.indexOf(word);
  if (from < 0) return false;
  const [before, after] = [line[from - 1] ?? ' ', line[from + word.length] ?? ' '];
  return !(/\w/.test(before) && /^\w/.test(word)) && !(/\w/.test(after) && /\w$/.test(word));
}

/** The errnos that a line names: by name, by the system's words, or by number beside the word errno or code. */
function errnosIn(line: string): Match[] {
  const low = line.toLowerCase();
  return ERRNOS.flatMap((errno) => {
    const { system, number } = MEANINGS[errno];
    if (system === null || number === null) return [];
    const found =
      new RegExp(`(?<![a-z])${errno.toLowerCase()}(?![a-z])`).exec(low)?.[0] ??
      (low.includes(system) ? system : undefined) ??
      new RegExp(`\\b(errno|os error|code|error)\\b\\W{0,3}${number}\\b`).exec(low)?.[0];
    if (found === undefined) return [];
    const from = low.indexOf(found);
    return [{ line, errno, entries: [], found: line.slice(from, from + found.length) }];
  });
}

/** The texts that are most like one that is none of them, the likest first. */
export function nearest(text: string, entries: readonly Entry[], count: number): Entry[] {
  const own = pairsOf(text);
  const byText = new Map(entries.map((entry) => [textOf(entry.face), entry]));
  return [...byText]
    .map(([shown, entry]) => ({ entry, likeness: likeness(own, pairsOf(shown)) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, count)
    .map(({ entry }) => entry);
}

/** Dice's coefficient of pairs of letters: words in another order are still alike. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((pair) => other.has(pair)).length;
  return one.size + other.size === 0 ? 0 : (2 * common) / (one.size + other.size);
}

function pairsOf(text: string): Set<string> {
  const low = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, ' ');
  return new Set(
    Array.from({ length: Math.max(0, low.length - 1) }, (_, at) => low.slice(at, at + 2)),
  );
}
