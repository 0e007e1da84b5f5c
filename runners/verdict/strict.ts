import type {
  CellResult,
  DifferenceOfRun,
  NeverMet,
  OfStory,
  Strictness,
} from '../results/result.ts';

/**
 * So many cells must do without a difference before chance is no excuse: an outcome that comes once in a
 * thousand cells is missed by all of ten thousand in 1 of 22,000 runs, one that comes once in two thousand in
 * 1 of 150. Only who asks for so many repeats meets it: outcomes of races are that rare.
 */
export const ENOUGH = 10_000;

type Seen = Pick<
  CellResult,
  | ('lab' | 'number' | 'variant' | 'cure' | 'client' | 'server' | 'verdict')
  | ('because' | 'difference' | 'outcome' | 'outcomes')
>;

/** Holds expectations against all cells of a run: which outcomes did not come, which differences are none. */
export function strictness(cells: readonly Seen[]): Strictness {
  return { neverMet: neverMet(cells), differences: differencesOf(cells) };
}

/**
 * Outcomes that no cell has shown, of those that are possible. Only cells that passed or failed could have
 * shown one: nobody knows the outcome of the others.
 */
export function neverMet(cells: readonly Seen[]): NeverMet[] {
  const judged = cells.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  return grouped(judged, ofCell).flatMap(([of, group]) => {
    const met = new Set(group.map(({ outcome }) => outcome?.name));
    const possible = new Map(
      group.flatMap(({ outcomes }) => outcomes.map((outcome) => [outcome.name, outcome] as const)),
    );
    return [...possible.values()]
      .filter(({ name }) => !met.has(name))
      .map(({ name, because }) => ({ ...of, outcome: name, because, cells: group.length }));
  });
}

/**
 * The known differences of a run's cells. One is not needed if no cell has needed it, and
 *
 * - a cell failed by it and agreed with the lab's own expectation; or
 * - a cell agreed with both, and it states one exact outcome, so that chance is no excuse; or
 * - at least {@link ENOUGH} cells agreed with both.
 *
 * With fewer cells it is not shown: that is told, and fails nothing.
 */
export function differencesOf(cells: readonly Seen[]): DifferenceOfRun[] {
  const own = cells.filter(
    ({ difference, verdict }) => difference !== null && verdict !== 'not-run',
  );
  return grouped(own, (cell) => ({
    ...ofCell(cell),
    because: cell.because ?? '',
    link: cell.difference?.link ?? '',
  })).map(([of, group]) => {
    const count = (needed: boolean) =>
      group.filter(({ difference }) => difference?.needed === needed).length;
    const [needed, unneeded] = [count(true), count(false)];
    return { ...of, cells: group.length, needed, unneeded, standing: standingOf(group, needed) };
  });
}

function standingOf(group: readonly Seen[], needed: number): DifferenceOfRun['standing'] {
  if (needed > 0) return 'needed';
  const without = group.filter(({ difference }) => difference?.needed === false);
  const isWrong = without.some(({ verdict }) => verdict === 'fail');
  const isExact = without.some(({ difference }) => difference?.byChance === false);
  return isWrong || isExact || without.length >= ENOUGH ? 'not needed' : 'not shown';
}

/** Why a run fails for a difference, and what to do. */
export function differenceProblem(difference: DifferenceOfRun): string {
  const { client, server, because, link, cells, unneeded } = difference;
  const [language = ''] = (client ?? server ?? '').split('.');
  return `${nameOf(difference)}: the difference is not needed any more: in ${unneeded} of ${cells} cells all witnesses agree with what the lab expects of the others, and none needed it. Remove it from \`differs\` in labs/programs/${language}/language.ts. It says: ${because} (${link})`;
}

/** `06 closed-socket · cured by graceful · node client` */
export function nameOf({ number, lab, variant, cure, client, server }: OfStory): string {
  return [
    `${number} ${lab}`,
    ...(variant === null ? [] : [variant]),
    ...(cure === null ? [] : [`cured by ${cure}`]),
    ...(client === null ? [] : [`${client} client`]),
    ...(server === null ? [] : [`${server} server`]),
  ].join(' · ');
}

function ofCell({ lab, number, variant, cure, difference }: Seen): OfStory {
  const { client = null, server = null } = difference ?? {};
  return { lab, number, variant, cure, client, server };
}

function grouped<T extends object, C>(cells: readonly C[], keyOf: (cell: C) => T): [T, C[]][] {
  const groups = new Map<string, [T, C[]]>();
  for (const cell of cells) {
    const of = keyOf(cell);
    const key = JSON.stringify(of);
    const group = groups.get(key) ?? [of, []];
    group[1].push(cell);
    groups.set(key, group);
  }
  return [...groups.values()];
}
