import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedLab } from '../catalog/lab.ts';
import { storyName } from '../reports/terminal/summary.ts';
import type { CellResult } from '../results/result.ts';
import { endsOf } from './ends.ts';
import { normalised } from './normalise.ts';
import { isOf } from './told.ts';

/** A cell's name in messages. */
export function cellName(cell: CellResult): string {
  return `${storyName(cell)} · ${cell.client.language} client · ${cell.server.language} server`;
}

/** Why cells do not carry the docs: what failed, and what was not seen. */
export function unverified(cells: readonly CellResult[]): {
  readonly failed: string[];
  readonly missing: string[];
} {
  const failed = cells.filter(({ verdict }) => verdict === 'fail');
  const missing = cells.filter(
    ({ verdict, packets, kernel }) =>
      verdict !== 'fail' && (verdict !== 'pass' || packets === null || kernel.hosts === null),
  );
  const why = (cell: CellResult) => {
    if (cell.verdict !== 'pass') return cell.reason;
    return cell.packets === null ? 'its packets were not captured' : 'no counters could be read';
  };
  return {
    failed: failed.map((cell) => `${cellName(cell)}: ${cell.reason}`),
    missing: missing.map((cell) => `${cellName(cell)}: ${why(cell)}`),
  };
}

/** The cells of a run with texts that are the same in every run. @param folder the run's */
export async function readCells(
  folder: string,
  cells: readonly CellResult[],
  stories: readonly NamedLab[],
): Promise<CellResult[]> {
  return await Promise.all(
    cells.map(async (cell) => {
      const story = stories.find((one) => isOf(one, cell));
      const ends = cell.pcap && endsOf(await readFile(join(folder, cell.pcap)));
      if (!ends || !story) throw new Error(`${cellName(cell)}: its capture cannot be read`);
      return normalised(cell, ends, story.topology);
    }),
  );
}
