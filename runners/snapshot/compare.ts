import { idOf } from '../results/merge.ts';
import type { CellResult, StepResult } from '../results/result.ts';
import type { CheckRecord } from './check-record.ts';

/** What a cell came to, on one machine. */
export type Came = { readonly verdict: CellResult['verdict']; readonly saw: readonly string[] };

/** A cell of a snapshot beside the same cell here. */
export type Compared = {
  readonly cell: string;
  readonly engine: CellResult['engine'];
  readonly snapshot: Came;
  /** Null where it was not run here. */
  readonly here: Came | null;
  readonly same: boolean;
};

/** Whether each cell of a snapshot came to the same here: the verdict, and what the client saw. */
export function compare(snapshot: readonly CellResult[], here: readonly CellResult[]): Compared[] {
  const own = new Map(here.map((cell) => [keyOf(cell), cell]));
  return snapshot.map((cell) => {
    const found = own.get(keyOf(cell));
    const wasRun = found !== undefined && found.verdict !== 'not-run';
    const [before, now] = [cameOf(cell), wasRun ? cameOf(found) : null];
    const same = JSON.stringify(before) === JSON.stringify(now);
    return { cell: idOf(cell), engine: cell.engine, snapshot: before, here: now, same };
  });
}

function keyOf(cell: CellResult): string {
  return `${cell.engine} ${cell.ip} ${idOf(cell)}`;
}

function cameOf({ verdict, steps, unfinished }: CellResult): Came {
  return {
    verdict,
    saw: [
      ...steps.filter(({ role }) => role === 'client').map(shown),
      ...unfinished.filter(({ role }) => role === 'client').map(({ step }) => `${step} …`),
    ],
  };
}

/** Without addresses, ports and numbers of processes, which differ from run to run. */
function shown({ step, outcome, error }: StepResult): string {
  if (error === null) return `${step} ${outcome}`;
  const { type, errno, message } = error;
  return `${step} ${errno ?? outcome}: ${type}: ${message.replaceAll(/(?:\d+\.){3}\d+|\d{4,}/g, '…')}`;
}

type Checked = { readonly check: CheckRecord; readonly cell: CellResult | undefined };

/** The same of a check: its verdict, what it asks for and whether that is met, what the client saw. */
export function compareChecks(
  snapshot: Checked,
  here: Checked,
  engine: CellResult['engine'],
): Compared {
  const [before, now] = [snapshot, here].map(({ check, cell }): Came => {
    const points = check.points.map(({ asks, standing }) => `${asks}: ${standing}`);
    return { verdict: check.verdict, saw: [...points, ...(cell ? cameOf(cell).saw : [])] };
  }) as [Came, Came];
  const same = JSON.stringify(before) === JSON.stringify(now);
  const { lab, exercise, language } = snapshot.check;
  return { cell: `${lab} ${exercise} ${language}`, engine, snapshot: before, here: now, same };
}
