import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedLanguage, ProgramName } from '../catalog/language.ts';

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

/** The source file in a program's command: itself, or that of the compiled class. */
function sourceOf({ sources, run, name }: NamedLanguage, program: ProgramName): string {
  const words = run[program];
  const found = sources.find((file) =>
    words.some((word) => word === file || word === file.replace(/\.\w+$/, '')),
  );
  if (found === undefined) throw new Error(`${name}: no source file for ${program}`);
  return found;
}
