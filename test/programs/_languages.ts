import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Language } from '../../runners/catalog/language.ts';

const PROGRAMS = fileURLToPath(new URL('../../labs/programs/', import.meta.url));

/** A language as it was found, with the folder in which its programs run. */
export type Found = Language & { readonly name: string; readonly folder: string };

/** All languages in labs/programs, in the order of their names. */
export async function findLanguages(): Promise<Found[]> {
  const found: Found[] = [];
  for (const name of readdirSync(PROGRAMS).sort()) {
    const folder = join(PROGRAMS, name);
    const declaration = join(folder, 'language.ts');
    if (!existsSync(declaration)) continue;
    const { default: language } = await import(pathToFileURL(declaration).href);
    found.push({ ...language, name, folder });
  }
  return found;
}

/** The executables of a language that are not on the PATH. */
export function missingCommands(language: Language): string[] {
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

/** Compiles the programs to `out`, if the language compiles; resolves to the language that runs there. */
export async function build(language: Found, out: string): Promise<Found> {
  if (language.compile === undefined) return language;
  mkdirSync(out, { recursive: true });
  const [command = '', ...args] = language.compile.map((word) => word.replace('{out}', out));
  await promisify(execFile)(command, args, { cwd: language.folder });
  return { ...language, folder: out };
}
