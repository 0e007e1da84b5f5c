import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { EXIT, UserError } from '../user-error.ts';
import type { Said } from './make.ts';
import { withParts } from './markers.ts';

/**
 * Writes the generated parts of a page that has a command of its own, or looks whether they say the same.
 *
 * @param file relative to the project's folder
 * @param again the command that writes the page
 * @throws UserError where the page is not there or its markers are wrong
 */
export async function ownPage(
  file: string,
  parts: Readonly<Record<string, readonly string[]>>,
  {
    check,
    again,
    root = ROOT,
    essence = (text) => text,
  }: {
    check: boolean;
    again: string;
    root?: string;
    /** What of a text must be the same for the page to be current. */
    essence?: (text: string) => string;
  },
): Promise<Said> {
  const path = join(root, file);
  const is = await readFile(path, 'utf8').catch(() => {
    throw new UserError(`${file} is not there: write it, with markers (runners/docs/markers.ts).`);
  });
  const must = withParts(file, is, parts);
  if (is === must || (check && essence(is) === essence(must)))
    return { status: EXIT.pass, text: `${file} is current` };
  if (!check) {
    await writeFile(path, must);
    return { status: EXIT.pass, text: `written: ${file}` };
  }
  const [now, then] = [is.split('\n'), must.split('\n')];
  const found = then.findIndex((line, place) => essence(line) !== essence(now[place] ?? ''));
  const line = found < 0 ? then.length : found;
  const lines = [
    `${file}:${line + 1} differs from what was seen:`,
    `  it says  ${now[line] ?? '(its end)'}`,
    `  seen is  ${then[line] ?? '(its end)'}`,
    `Write it anew: ${again}`,
  ];
  return { status: EXIT.fail, text: lines.join('\n') };
}
