import { isDeepStrictEqual } from 'node:util';
import type { CellResult, RunResult } from '../results/result.ts';
import type { Promised } from './experiment.ts';
import type { End } from './run.ts';

/** What was seen of a run that a fault has struck. */
export type Seen = {
  readonly end: End;
  /** The results that it had obtained when it ended, read while it went on. */
  readonly obtained: readonly CellResult[];
  /** What it printed; undefined if that was no result, null if it was not to. */
  readonly printed: Pick<RunResult, 'cells'> | undefined | null;
  /** What lies in the results' folder when it is promised to. */
  readonly result: Pick<RunResult, 'cells' | 'planned' | 'interrupted' | 'verdict'> | undefined;
  /** What is left then, and what is after the next start. */
  readonly left: readonly string[];
  readonly leftThen: readonly string[];
  readonly nextEnd: End;
};

/** Which promises a run has not kept, each in one sentence. */
export function brokenPromises(promise: Promised, seen: Seen): string[] {
  const { end, obtained, printed, result, left, leftThen, nextEnd } = seen;
  const cells = printed?.cells ?? result?.cells ?? [];
  const broken = [
    ...brokenByEnd(promise, end),
    ...brokenByCells(promise, cells),
    ...brokenByResult(result, obtained),
    ...brokenByPrint(printed, obtained),
    ...(nextEnd.by === 0 ? [] : [`the next run ended by ${nextEnd.by}: ${nextEnd.stderr}`]),
    ...left.map((what) => `left ${promise.inOrder}: ${what}`),
    ...leftThen.map((what) => `left after the next start: ${what}`),
  ];
  return [...new Set(broken)];
}

/** Whether a result is among others as it is, to the last byte. */
export function isAmong(cells: readonly CellResult[], cell: CellResult): boolean {
  return cells.some((other) => isDeepStrictEqual(other, cell));
}

function brokenByEnd({ ends, says }: Promised, { by, stderr }: End): string[] {
  return [
    ...(ends.includes(by) ? [] : [`it ended by ${by}, not by ${ends.join(' or ')}: ${stderr}`]),
    ...(says === undefined || says.test(stderr) ? [] : [`it did not say ${says}, but: ${stderr}`]),
    ...(/\n\s+at .*:\d+:\d+/.test(stderr) ? [`it showed a stack: ${stderr}`] : []),
  ];
}

/** The fault has met what it was to meet, and nothing else has suffered. */
function brokenByCells({ met, whole }: Promised, cells: readonly CellResult[]): string[] {
  const isMet = ({ verdict, reason }: CellResult) =>
    met?.verdicts.some((one) => one === verdict) && met.reason.test(reason);
  const [least, most] = met?.cells ?? [0, 0];
  const count = cells.filter(isMet).length;
  const others = cells.filter((cell) => cell.verdict !== 'pass' && !isMet(cell));
  return [
    ...(count >= least && count <= most
      ? []
      : [`the fault met ${count} cells, not ${least} to ${most}`]),
    ...others.flatMap(({ lab, verdict, reason }) =>
      verdict !== 'not-run' || whole ? [`${lab} is ${verdict}: ${reason}`] : [],
    ),
  ];
}

/** Nothing is lost, nothing invented: what lies in the results is what was seen to be obtained. */
function brokenByResult(result: Seen['result'], obtained: readonly CellResult[]): string[] {
  if (result === undefined) {
    return obtained.length > 0 ? [`${obtained.length} results were obtained, none is kept`] : [];
  }
  const kept = result.cells.filter(({ verdict }) => verdict !== 'not-run');
  const invented = kept.filter((cell) => !isAmong(obtained, cell));
  const isHalf = kept.length < result.planned && !result.interrupted && result.verdict === 'pass';
  return [
    ...lostIn(result.cells, obtained),
    ...invented.map(({ lab, repeat }) => `the result of ${lab}, turn ${repeat}, is invented`),
    ...(isHalf ? ['half a run looks like a whole one'] : []),
  ];
}

function brokenByPrint(printed: Seen['printed'], obtained: readonly CellResult[]): string[] {
  if (printed === null || obtained.length === 0) return [];
  if (printed === undefined) return ['it has not printed what it had obtained'];
  return lostIn(printed.cells, obtained).map((line) => `${line}, as it was printed`);
}

function lostIn(cells: readonly CellResult[], obtained: readonly CellResult[]): string[] {
  return obtained
    .filter((cell) => !isAmong(cells, cell))
    .map(({ lab, repeat }) => `the result of ${lab}, turn ${repeat}, is lost or another`);
}
