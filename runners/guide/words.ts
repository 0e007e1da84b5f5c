import type { Entry } from './entries.ts';
import { MEANINGS } from './meanings.ts';

/** Where a line has the words of an entry. */
export type Hit = {
  readonly entry: Entry;
  readonly from: number;
  readonly to: number;
  /** Whether the type stands there, too. */
  readonly typed: boolean;
};

/** Words, with all entries whose words they are. */
type Wording = {
  readonly pattern: RegExp;
  /** What must be there, so that the pattern can be. */
  readonly literal: string;
  /** Whether they are so few that other sentences have them, too. */
  readonly few: boolean;
  readonly entries: readonly Entry[];
};

/** Finds the words of entries in lines; the longest ones count: "Connection reset by peer" is not "Connection reset". */
export function finderOf(entries: readonly Entry[]): (line: string) => Hit[] {
  const wordings = wordingsOf(entries);
  const silent = entries.filter(({ face }) => face.message === '');
  return (line) => {
    const said = withoutEnd(line);
    const hits = [
      ...wordings.flatMap((wording) =>
        line.includes(wording.literal) ? found(line, wording) : [],
      ),
      ...silent.flatMap((entry) => alone(said, entry)),
    ];
    return hits.filter((hit) => !hits.some((other) => isWithin(hit, other)));
  };
}

function wordingsOf(entries: readonly Entry[]): Wording[] {
  const byWords = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const words of [entry.face.message, ...(entry.face.or ?? [])]) {
      const own = byWords.get(words) ?? [];
      byWords.set(words, [...own, entry]);
    }
  }
  byWords.delete('');
  return [...byWords].map(([words, own]) => {
    const parts = words.split(PLACEHOLDER).filter((part) => !(part in PLACEHOLDERS));
    const literal = parts
      .reduce((one, other) => (other.length > one.length ? other : one), '')
      .trimEnd();
    return { pattern: patternOf(words), literal, few: areFew(words), entries: own };
  });
}

/** A line that says the same more often says nothing more. */
const OFTEN = 10;

function found(line: string, { pattern, few, entries }: Wording): Hit[] {
  return [...line.matchAll(pattern)].slice(0, OFTEN).flatMap(({ index: from, 0: words }) => {
    const to = from + words.length;
    return entries.flatMap((entry) => {
      const typed = hasWord(line, entry.face.type);
      return typed || !few || isClause(line, from, to) ? [{ entry, from, to, typed }] : [];
    });
  });
}

/** A type without a message: with words after it, it is another error of that type. */
function alone(said: string, entry: Entry): Hit[] {
  const { type } = entry.face;
  const from = said.length - type.length;
  const isIt = said.endsWith(type) && hasWord(said.slice(Math.max(0, from - 1)), type);
  if (!isIt) return [];
  return [{ entry, from, to: said.length, typed: true }];
}

function withoutEnd(line: string): string {
  let to = line.length;
  while (to > 0 && ' :)>'.includes(line.charAt(to - 1))) to--;
  return line.slice(0, to);
}

function isWithin(hit: Hit, other: Hit): boolean {
  const isLonger = other.to - other.from > hit.to - hit.from;
  return isLonger && other.from <= hit.from && hit.to <= other.to;
}

const PLACEHOLDER = /(\{\w+\})/;

/** `{address}`, `{own}` and `{peer}` stand for any address, `{port}` and `{number}` for any number. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '{address}': '[\\w.:-]+',
  '{own}': '[\\w.:[\\]-]+',
  '{peer}': '[\\w.:[\\]-]+',
  '{port}': '\\d+',
  '{number}': '\\d+',
};

function patternOf(message: string): RegExp {
  // Some end with a space, which a line that was copied has lost.
  const words = message.trimEnd();
  const source = words
    .split(PLACEHOLDER)
    .map((part) => PLACEHOLDERS[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  const [before, after] = [/^\w/.test(words) ? '(?<!\\w)' : '', /\w$/.test(words) ? '(?!\\w)' : ''];
  return new RegExp(`${before}${source}${after}`, 'g');
}

/** "Connection reset" may stand in any sentence; the system's own words and names stand for themselves. */
function areFew(words: string): boolean {
  const low = words.toLowerCase();
  const ownWords = Object.entries(MEANINGS).flatMap(([errno, { system }]) =>
    system === null ? [] : [system, errno.toLowerCase()],
  );
  return !ownWords.some((own) => low.includes(own)) && words.split(' ').length < 4;
}

const LEVELS = 'debug|info|warn|warning|err|error|severe|critical|fatal';
const BEFORE = new RegExp(`(?:^|[^\\w\\s]\\s*|\\d:\\d\\d\\S*\\s+|\\b(?:${LEVELS})\\s+)$`, 'i');
// A stack trace in one line goes on with "at".
const AFTER = /^\s*(?:$|[^\w\s]|at\s)/;

/** Whether words stand for themselves, as a message does, and not within a sentence. */
function isClause(line: string, from: number, to: number): boolean {
  // As much of a long line as a time can have.
  const [before, after] = [line.slice(Math.max(0, from - 40), from), line.slice(to, to + 40)];
  // A single word stands at the end only, after a colon or a time.
  if (!line.slice(from, to).includes(' ')) {
    return /(?:^|:\s+|\d:\d\d\S*\s+)$/.test(before) && /^\s*$/.test(after);
  }
  return BEFORE.test(before) && AFTER.test(after);
}

/** Whether a word stands in a line, and not only within a longer one. */
export function hasWord(line: string, word: string): boolean {
  for (let from = line.indexOf(word); from >= 0; from = line.indexOf(word, from + 1)) {
    const [before, after] = [line[from - 1] ?? ' ', line[from + word.length] ?? ' '];
    const isPart =
      (/\w/.test(before) && /^\w/.test(word)) || (/\w/.test(after) && /\w$/.test(word));
    if (!isPart) return true;
  }
  return false;
}
