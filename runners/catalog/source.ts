import { basename, dirname } from 'node:path';
import { commandOf } from './lacks.ts';
import type { NamedLanguage } from './language.ts';
import type { ProgramName } from './programs.ts';

/**
 * The source file in a program's command: itself, or what was made of it: a class `Ask` of `Ask.java`, an
 * executable `bin/ask` of `ask.c`, `ask/main.go` or `src/bin/ask.rs`, a function `Ask.main()` of `ask.ex`.
 */
export function sourceOf(language: NamedLanguage, program: ProgramName): string {
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
