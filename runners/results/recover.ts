import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conclusionOf } from './conclusion.ts';
import type { CellResult, RunResult } from './result.ts';

/** What is known of a run before its cells happen. */
export type RunFrame = Omit<
  RunResult,
  'durationMs' | 'verdict' | 'interrupted' | 'cells' | 'neverMet' | 'differences'
>;

/** What a run that was killed has left, and where it lies now. */
export type Recovered = { readonly folder: string; readonly cells: number; readonly of: number };

/** Files of a run's folder: the result; before it is there, the frame and a line for each cell. */
export const RESULT = 'run.json';
export const FRAME = 'frame.json';
export const JOURNAL = 'cells.jsonl';

/**
 * Makes a result of what a killed run had obtained, if it had obtained something.
 *
 * @param name the half-written folder's, in `results`
 */
export async function recover(results: string, name: string): Promise<Recovered | undefined> {
  const folder = join(results, name);
  const whole = await readJson<RunResult>(join(folder, RESULT));
  const result = whole ?? (await fromJournal(folder));
  if (result === undefined) return undefined;
  if (!whole) await writeFile(join(folder, RESULT), `${JSON.stringify(result, null, 2)}\n`);
  for (const file of [JOURNAL, FRAME, `${FRAME}.new`, `${RESULT}.new`])
    await rm(join(folder, file), { force: true });
  const found = join(results, name.replace(/\.\d+\.partial$/, ''));
  await rename(folder, found);
  return { folder: found, cells: result.cells.length, of: result.planned };
}

async function fromJournal(folder: string): Promise<RunResult | undefined> {
  const frame = await readJson<RunFrame>(join(folder, FRAME));
  const journal = await readFile(join(folder, JOURNAL), 'utf8').catch(() => '');
  const cells = journal.split('\n').flatMap((line): CellResult[] => parse(line) ?? []);
  if (frame === undefined || cells.length === 0) return undefined;
  const { mtimeMs } = await stat(join(folder, JOURNAL));
  const durationMs = Math.max(0, Math.round(mtimeMs - Date.parse(frame.startedAt)));
  return {
    ...frame,
    durationMs,
    ...conclusionOf(cells, frame.planned, frame.shard !== null),
    interrupted: true,
    cells,
  };
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** A line that was cut when the run was killed is no cell. */
function parse(line: string): CellResult[] | undefined {
  try {
    return [JSON.parse(line) as CellResult];
  } catch {
    return undefined;
  }
}
