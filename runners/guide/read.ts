import { ERRNOS, type Errno } from '../catalog/errno.ts';
import { errnosIn, typesIn } from './bare.ts';
import { type Entry, textOf } from './entries.ts';
import { languagesOf, type Marks, marksOf } from './marks.ts';
import { finderOf, type Hit } from './words.ts';

/** What a line says; of several errnos where its words are those of each. */
export type Finding = {
  readonly line: string;
  /** What was found there. */
  readonly found: string;
  readonly errno: Errno;
  /** Entries that show it; none where only the errno's name, number or the system's words are there. */
  readonly entries: readonly Entry[];
  /** Whether it only names the errno. */
  readonly bare: boolean;
};

/** Reads single lines of a text. */
export function readerOf(
  entries: readonly Entry[],
  lines: readonly string[],
): (line: string) => Finding[] {
  const find = finderOf(entries);
  const marks = marksOf(entries);
  const all = [...new Set(lines.flatMap((line) => languagesOf(line, marks)))];
  // In a log of several languages one line says nothing of another.
  const told = all.length === 1 ? all : [];
  return (line) => {
    const hits = find(line);
    if (hits.length > 0) return findingsOf(line, chosen(line, hits, { entries, marks, told }));
    return errnosIn(line).map(({ errno, found }) => {
      const own = languagesOf(line, marks);
      const of = own.length > 0 ? own : told;
      const same = entries.filter(isOf(of, [errno]));
      const named = same.filter(({ face }) => textOf(face).includes(found));
      return { line, found, errno, entries: named.length > 0 ? named : same, bare: true };
    });
  };
}

type Context = {
  readonly entries: readonly Entry[];
  readonly marks: Marks;
  /** The language that the whole text is told to be of. */
  readonly told: readonly string[];
};

/** The hits of the language that has printed a line, where that can be told. */
function chosen(
  line: string,
  hits: readonly Hit[],
  { entries, marks, told }: Context,
): readonly Hit[] {
  const own = languagesOf(line, marks);
  const kept = own.length > 0 ? hits.filter(isOneOf(own)) : hits;
  const typed = kept.filter((hit) => hit.typed);
  if (typed.length > 0) return typed;
  if (own.length === 0) {
    const ofTold = hits.filter(isOneOf(told));
    return ofTold.length > 0 ? ofTold : hits;
  }
  if (kept.length > 0) return kept;
  // Words of the system in a frame of a language that has other words: it has shown that errno all the same.
  const errnos = hits.map(({ entry }) => entry.errno);
  const same = entries.filter(isOf(own, errnos));
  const [first] = hits;
  return first && same.length > 0 ? same.map((entry) => ({ ...first, entry })) : hits;
}

function isOneOf(languages: readonly string[]) {
  return ({ entry }: Hit): boolean => languages.includes(entry.language.of);
}

function isOf(languages: readonly string[], errnos: readonly Errno[]) {
  return ({ language, errno, held }: Entry): boolean =>
    held && languages.includes(language.of) && errnos.includes(errno);
}

function findingsOf(line: string, hits: readonly Hit[]): Finding[] {
  return ERRNOS.flatMap((errno) => {
    const own = hits.filter(({ entry }) => entry.errno === errno);
    const [first] = own;
    if (!first) return [];
    const entries = [...new Set(own.map(({ entry }) => entry))];
    return [{ line, errno, entries, found: line.slice(first.from, first.to), bare: false }];
  });
}

/** What a line says by a type alone: the last that is looked for. */
export function byType(line: string, entries: readonly Entry[]): Finding[] {
  const typed = typesIn(line, entries);
  const plain = typed.filter(({ language }) => language.name === language.of);
  const own = plain.length > 0 ? plain : typed;
  return ERRNOS.flatMap((errno) => {
    const same = own.filter((entry) => entry.errno === errno);
    const [first] = same;
    if (first === undefined) return [];
    return [{ line, errno, entries: same, found: first.face.type, bare: true }];
  });
}
