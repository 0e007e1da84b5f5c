import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import type { CellResult } from '../results/result.ts';
import { EXIT, type ExitStatus } from '../user-error.ts';
import type { CureToFind } from './cures.ts';
import { readCells, unverified } from './material.ts';
import { type Page, pages } from './pages.ts';
import { readSources } from './sources.ts';
import { type Statement, USUAL_SERVER, unproved } from './statement.ts';
import { toldLabs } from './told.ts';

export type DocsInput = {
  /** The folder in which `labs/` lies. */
  readonly root: string;
  readonly stories: readonly NamedLab[];
  readonly languages: readonly NamedLanguage[];
  readonly statements: readonly Statement[];
  /** The runs from which pages are made, each with its folder. */
  readonly runs: readonly { readonly cells: readonly CellResult[]; readonly folder: string }[];
  /** The cures of which the workshop makes exercises. */
  readonly toFind: readonly CureToFind[];
  /** Nothing is written. */
  readonly check: boolean;
};

/** How it ended, and what a person is told. */
export type Said = { readonly status: ExitStatus; readonly text: string };

/**
 * Writes the generated parts of all pages, or looks whether they say the same: from verified results, or
 * not at all.
 *
 * @throws UserError where a page is not there or its markers are wrong; then nothing was written
 */
export async function makeDocs(input: DocsInput): Promise<Said> {
  const { root, stories, languages, statements, runs, toFind, check } = input;
  const all = runs.flatMap(({ cells }) => cells);
  const { failed, missing } = unverified(all);
  if (failed.length > 0) return refused('a cell failed', failed, EXIT.fail);
  if (missing.length > 0) return refused('not all was seen', missing, EXIT.unknown);
  const blind = all.find(({ kernel }) => kernel.resetReasons === null)?.kernel.noReasons;
  // To look, what the labs expect of the reasons is enough: it was seen when the pages were written.
  if (blind && !check) {
    return refused("the kernel's reasons were not seen", [blind], EXIT.unknown);
  }
  const read = runs.map(({ folder, cells }) => readCells(folder, cells, stories));
  const cells = (await Promise.all(read)).flat();
  const wrong = unproved(statements, cells);
  if (wrong.length > 0) {
    return refused('a statement is not proved (labs/statements.ts)', wrong, EXIT.fail);
  }
  const usual = cells.filter(({ server }) => server.language === USUAL_SERVER);
  const labs = toldLabs(stories, usual);
  const sources = await readSources(languages);
  const made = await pages(root, { labs, languages, statements, sources, toFind });
  return check ? compared(made) : await written(root, made);
}

function refused(what: string, reasons: readonly string[], status: ExitStatus): Said {
  const lines = [
    `The pages are made from verified results only, and ${what}:`,
    ...reasons.map((reason) => `  ${reason}`),
    'Nothing was written.',
  ];
  return { status, text: lines.join('\n') };
}

function compared(made: readonly Page[]): Said {
  const different = made.filter(({ is, must }) => is !== must);
  if (different.length === 0) {
    return { status: EXIT.pass, text: `${made.length} pages say what the labs show` };
  }
  const lines = different.flatMap(({ file, is, must }) => {
    const [now, then] = [is.split('\n'), must.split('\n')];
    const found = then.findIndex((text, index) => text !== now[index]);
    const line = found < 0 ? then.length : found;
    return [
      `${file}:${line + 1} differs from what the labs show:`,
      `  it says  ${now[line] ?? '(its end)'}`,
      `  seen is  ${then[line] ?? '(its end)'}`,
    ];
  });
  const text = [...lines, 'Write the generated parts anew: npm run docs'].join('\n');
  return { status: EXIT.fail, text };
}

async function written(root: string, made: readonly Page[]): Promise<Said> {
  const different = made.filter(({ is, must }) => is !== must);
  for (const { file, must } of different) await writeFile(join(root, file), must);
  const lines = different.map(({ file }) => `written: ${file}`);
  const text = lines.join('\n') || 'nothing to write: all pages say what the labs show';
  return { status: EXIT.pass, text };
}
