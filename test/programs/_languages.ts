import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Language, NamedLanguage } from '../../runners/catalog/language.ts';
import { loadLanguages } from '../../runners/catalog/load.ts';

/** A language or a flavour as it was found, with the folder in which its programs run. */
export type Found = NamedLanguage;

const asked = process.env.LANGUAGES;

/** Whether every check is made with one language only, of those that can. */
export const onceEach = asked === undefined;

/**
 * The languages and flavours that LANGUAGES names, `lua` say, or `lua,go.x`, in the order of their names; where it is
 * not set, Perl, whose programs start at once, and Python for what Perl lacks: all seventeen take five minutes, and
 * are for `npm run conformance`.
 */
export async function findLanguages(): Promise<Found[]> {
  const names = asked?.split(',') ?? ['perl', 'python'];
  const found = await loadLanguages(names, 'LANGUAGES');
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The executables of a language that are not on the PATH. */
export function missingCommands(language: Pick<Language, 'toolchain'>): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return language.toolchain.commands.filter(
    (command) => !folders.some((folder) => isExecutable(join(folder, command))),
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Compiles the programs to `out`, if the language compiles; resolves to the folder in which they run. */
export async function build(language: Found, out: string): Promise<string> {
  if (language.compile === undefined) return language.folder;
  mkdirSync(out, { recursive: true });
  const [command = '', ...args] = language.compile.map((word) => word.replace('{out}', out));
  await promisify(execFile)(command, args, { cwd: language.folder });
  return out;
}
