import { byLab } from '../catalog/by-lab.ts';
import type { Alternative, Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';
import type { CellResult } from '../results/result.ts';
import { expectedOf } from '../verdict/expected.ts';

/** One story of a lab and what each client showed of it. */
export type Told = { readonly story: NamedLab; readonly cells: readonly CellResult[] };

/** A lab with all its stories. */
export type ToldLab = Pick<NamedLab, 'number' | 'name' | 'headline' | 'causes'> & {
  /** `04-crash-server` */
  readonly folder: string;
  readonly plain: readonly Told[];
  readonly cured: readonly Told[];
};

/** Puts the cells of a run to their labs, in the order of the labs. */
export function toldLabs(stories: readonly NamedLab[], cells: readonly CellResult[]): ToldLab[] {
  const told = (story: NamedLab) => ({ story, cells: cells.filter((cell) => isOf(story, cell)) });
  return byLab(stories).map((lab) => ({
    ...lab,
    folder: `${lab.number}-${lab.name}`,
    plain: lab.plain.map(told),
    cured: lab.cured.map(told),
  }));
}

export function isOf(story: NamedLab, cell: CellResult): boolean {
  return story.name === cell.lab && story.variant === cell.variant && story.cure === cell.cure;
}

/** What a cell had to show, one expectation or several of which it has met one. */
export function expectedOfCell(
  story: NamedLab,
  { client, server }: Pick<CellResult, 'client' | 'server'>,
): readonly (Expectation | Alternative)[] {
  return expectedOf({
    lab: story,
    client: { name: client.language },
    server: { name: server.language },
  });
}

/**
 * Whether it is chance how a cell ends: then nothing of its course may be shown, only what is possible.
 * Outcomes that differ in no more than counters are alike.
 */
export function isChance(story: NamedLab, cell: Pick<CellResult, 'client' | 'server'>): boolean {
  const courses = expectedOfCell(story, cell).map(({ client, packets, kernel }) =>
    JSON.stringify([client, packets, kernel.reason]),
  );
  return new Set(courses).size > 1;
}

/** The cell whose course is shown: Python's, unless it is the exception. Undefined where all is chance. */
export function shownCell({ story, cells }: Told): CellResult | undefined {
  const fit = cells.filter((cell) => !isChance(story, cell));
  const plain = fit.filter(({ because }) => because === null);
  const candidates = plain.length > 0 ? plain : fit;
  return candidates.find(({ client }) => client.language === 'python') ?? candidates[0];
}
