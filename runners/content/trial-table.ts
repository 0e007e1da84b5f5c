import { row } from '../reports/terminal/text.ts';
import type { Finding } from './finding.ts';
import type { Trial } from './trial.ts';

/** What was tried of an exercise in a language. */
export type Tried = {
  /** Lab, exercise, language. */
  readonly of: readonly string[];
  readonly trials: readonly Trial[];
};

/** A row for each exercise in each language. */
export function trialTable(tried: readonly Tried[]): string[] {
  const rows = [
    ['lab', 'exercise', 'language', 'starter', 'solution', 'cheats'],
    ...tried.map(({ of, trials }) => [
      ...of,
      said(trials, 'starter', 'fails'),
      said(trials, 'solution', 'passes'),
      said(trials, 'cheat', 'refused'),
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return rows.map((cells) => row(cells, widths ?? []));
}

/** A finding for each thing that is not as it must be, or that nobody knows. */
export function trialFindings(tried: readonly Tried[]): Finding[] {
  return tried.flatMap(({ of, trials }) =>
    trials.flatMap(({ what, name, found }): Finding[] =>
      found === null ? [] : [{ ...found, says: `${of.join(' ')}: ${what} ${name}: ${found.says}` }],
    ),
  );
}

function said(trials: readonly Trial[], what: Trial['what'], good: string): string {
  const own = trials.filter((trial) => trial.what === what);
  if (own.length === 0) return 'none';
  for (const kind of ['wrong', 'unknown'] as const) {
    const count = own.filter(({ found }) => found?.kind === kind).length;
    if (count > 0) return `${kind.toUpperCase()} ${count} of ${own.length}`;
  }
  return own.length > 1 ? `${good} (${own.length})` : good;
}
