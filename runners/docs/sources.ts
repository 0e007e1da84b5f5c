import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedLanguage } from '../catalog/language.ts';
import type { ProgramName } from '../catalog/programs.ts';
import { sourceOf } from '../catalog/source.ts';

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
