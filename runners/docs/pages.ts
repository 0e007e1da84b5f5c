import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NamedLanguage, USUAL } from '../catalog/language.ts';
import { UserError } from '../user-error.ts';
import { type CureToFind, cures } from './cures.ts';
import { diagrams } from './diagrams.ts';
import { find } from './find.ts';
import { withParts } from './markers.ts';
import { observed } from './observed.ts';
import { faces, index, statementsTable } from './overview.ts';
import type { Sources } from './sources.ts';
import type { Statement } from './statement.ts';
import type { ToldLab } from './told.ts';

/** All from which pages are made. */
export type Material = {
  readonly labs: readonly ToldLab[];
  readonly languages: readonly NamedLanguage[];
  readonly statements: readonly Statement[];
  readonly sources: Sources;
  readonly toFind: readonly CureToFind[];
};

/** A page as it is, and as it must be. */
export type Page = { readonly file: string; readonly is: string; readonly must: string };

/**
 * All pages that have generated parts.
 *
 * @param root the folder in which `labs/` lies
 * @throws UserError where a page is not there or its markers are wrong
 */
export async function pages(root: string, material: Material): Promise<Page[]> {
  const { labs, languages, statements, sources, toFind } = material;
  const wanted: [string, Readonly<Record<string, readonly string[]>>][] = [
    [
      'labs/README.md',
      {
        labs: index(labs),
        faces: faces(
          labs,
          languages.filter(({ name }) => USUAL.includes(name)),
        ),
        statements: statementsTable(statements, labs),
      },
    ],
    ...labs.map((lab): [string, Readonly<Record<string, readonly string[]>>] => [
      `labs/${lab.folder}/README.md`,
      {
        observed: observed(lab, languages),
        diagram: diagrams(lab),
        find: find(lab),
        ...(lab.cured.length > 0 ? { cures: cures(lab, languages, sources, toFind) } : {}),
      },
    ]),
  ];
  return await Promise.all(
    wanted.map(async ([file, parts]) => {
      const is = await readFile(join(root, file), 'utf8').catch(() => {
        const markers = Object.keys(parts).map((name) => `\`<!-- generated: ${name} -->\``);
        throw new UserError(
          `${file} is not there: write it, with the markers ${markers.join(', ')}, each with \`<!-- end -->\` below it.`,
        );
      });
      return { file, is, must: withParts(file, is, parts) };
    }),
  );
}
