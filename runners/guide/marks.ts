import type { Entry } from './entries.ts';

/** Languages, each as the name of its folder, with what tells that they have printed a line. */
export type Marks = ReadonlyMap<string, readonly RegExp[]>;

export function marksOf(entries: readonly Entry[]): Marks {
  return new Map(entries.map(({ language }) => [language.of, language.marks ?? []]));
}

/** The languages by whose marks a line is told. */
export function languagesOf(line: string, marks: Marks): string[] {
  return [...marks].flatMap(([name, own]) => (own.some((mark) => mark.test(line)) ? name : []));
}
