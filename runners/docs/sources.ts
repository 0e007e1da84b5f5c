import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { commandOf } from '../catalog/lacks.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import type { ProgramName } from '../catalog/programs.ts';

/** The example programs' sources, by language and program. */
export type Sources = ReadonlyMap<string, { readonly file: string; readonly text: string }>;

export async function readSources(languages: readonly NamedLanguage[]): Promise<Sources> {
  const entries = languages.flatMap((language) =>
    (Object.keys(language.run) as ProgramName[]).map(async (program) => {
      const file = sourceOf(language, program);
      const text = await readFile(join(language.folder, file), 'utf8');
      return [`${language.name} ${program}`, { file, text }] as const;
    }),
  );
  return new Map(await Promise.all(entries));
}

/**
 * The source file in a program's command: itself, or what was made of it: a class `Ask` of `Ask.java`, an
 * executable `bin/ask` of `ask.c`, `ask/main.go` or `src/bin/ask.rs`, a function `Ask.main()` of `ask.ex`.
 */
function sourceOf(language: NamedLanguage, program: ProgramName): string {
  const { sources, name } = language;
  const words = commandOf(language, program);
  const made = words.map((word) => stem(basename(word)));
  const found =
    sources.find((file) => words.includes(file)) ??
    sources.find((file) => made.includes(stem(basename(file)))) ??
    sources.find((file) => dirname(file) !== '.' && made.includes(stem(basename(dirname(file)))));
  if (found === undefined) throw new Error(`${name}: no source file for ${program}`);
  return found;
}

/** `servergraceful` of `server_graceful.ex`, `ServerGraceful.main()`, `server-graceful`. */
function stem(name: string): string {
  return name.replace(/\..*$/, '').replaceAll(/[-_]/g, '').toLowerCase();
}
