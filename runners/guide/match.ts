import { type Entry, textOf } from './entries.ts';
import { byType, type Finding, readerOf } from './read.ts';

/** What was found in a text; the line is the first in which it was. */
export type Match = Omit<Finding, 'bare'> & {
  /** In how many lines. */
  readonly times: number;
};

/**
 * What of a text, a message, a stack trace, a log, is one of the texts that languages show. One whose language is
 * told, by its type or by what stands around it, is not of the others which have the same words.
 */
export function matches(text: string, entries: readonly Entry[]): Match[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const read = readerOf(entries, lines);
  const said: (readonly Finding[])[] = [];
  for (const line of lines) {
    const own = read(line);
    if (own.length === 0) continue;
    const last = isDetail(line) ? said.pop() : undefined;
    said.push(...(last === undefined ? [own] : withDetail(last, own)));
  }
  const found = counted(said.flat());
  return found.length > 0 ? found : counted(lines.flatMap((line) => byType(line, entries)));
}

/** Lines that say more of the error before them: causes, and properties where an object is printed. */
function isDetail(line: string): boolean {
  return /^(?:Caused by:|["'[]?(?:code|errno|cause|errors)["'\]]?:)/.test(line);
}

/** An error and a detail of it: what of both is to be told. */
function withDetail(error: readonly Finding[], detail: readonly Finding[]): (readonly Finding[])[] {
  // Node gives the errno of a reset to ends of file, too.
  const known = error.flatMap(({ errno, entries }) => [
    errno,
    ...entries.map(({ face }) => face.errno),
  ]);
  if (detail.every(({ errno, bare }) => bare && known.includes(errno))) return [error];
  const errnos = error.map(({ errno }) => errno);
  if (!detail.every(({ errno }) => errnos.includes(errno))) return [error, detail];
  // The same in other words: the cause tells which of several it is, or in which step it was.
  return [precision(detail) > precision(error) ? detail : error];
}

/** The fewer errnos, and of these the fewer entries, the more precise. */
function precision(findings: readonly Finding[]): number {
  return -findings.length * 1000 - findings.flatMap(({ entries }) => entries).length;
}

/** Each once, with how often it was found; an errno's mere name says nothing beside its words. */
function counted(all: readonly Finding[]): Match[] {
  const known = new Map<string, Match & Finding>();
  for (const finding of all) {
    const { errno, entries, bare } = finding;
    const texts = [...new Set(entries.map(({ face }) => textOf(face)))].sort();
    const key = JSON.stringify([errno, bare, texts]);
    known.set(key, { ...finding, ...known.get(key), times: (known.get(key)?.times ?? 0) + 1 });
  }
  const found = [...known.values()];
  const worded = new Set(found.flatMap((one) => (one.bare ? [] : spoken(one))));
  return found
    .filter((one) => !one.bare || !spoken(one).some((language) => worded.has(language)))
    .map(({ bare: _, ...match }) => match);
}

/** An errno in each language that shows it so; a mere name may be of any. */
function spoken({ errno, entries, bare }: Finding): string[] {
  const names = entries.map(({ language }) => language.of);
  return [...names, ...(bare && names.length > 0 ? [] : [''])].map((name) => `${name} ${errno}`);
}
