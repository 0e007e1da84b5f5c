import type { Difference } from '../catalog/difference.ts';
import type { Expected, StatedReason } from '../catalog/expectation.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Cell } from '../plan.ts';
import { differenceOf, expectedOf } from './expected.ts';
import { type Judgement, judge } from './judge.ts';

/** What a cell says of its languages' known difference. */
export type DifferenceOfCell = {
  /** The languages that it is of; null where it is of all. */
  readonly client: string | null;
  readonly server: string | null;
  /** Where its cause is shown. */
  readonly link: string;
  /** Whether chance may decide that a cell does not need it: it states more than one exact outcome. */
  readonly byChance: boolean;
  /**
   * True: it is met, and a witness contradicts what the lab expects of the others. False: all witnesses agree
   * with what the lab expects of the others. Null: neither was shown.
   */
  readonly needed: boolean | null;
};

/** The known difference of a cell's languages, if the lab names one; what was seen says if it is needed. */
export function differenceOfCell(
  cell: Pick<Cell, 'lab' | 'client' | 'server'>,
  seen?: { readonly observation: Observation; readonly judgement: Judgement },
): DifferenceOfCell | null {
  const difference = differenceOf(cell);
  if (difference === undefined) return null;
  const { client = null, server = null, link, expect } = difference;
  const needed = seen ? isNeeded(cell, difference, seen) : null;
  return { client, server, link, byChance: !isExact(expect), needed };
}

function isNeeded(
  { lab, client, server }: Pick<Cell, 'lab' | 'client' | 'server'>,
  difference: Difference,
  { observation, judgement }: { readonly observation: Observation; readonly judgement: Judgement },
): boolean | null {
  const others = (lab.differs ?? []).filter((one) => one !== difference);
  const plain = judge({ lab: { ...lab, differs: others }, client, server }, observation);
  const witnesses = Object.values(plain.findings).map(({ agreement }) => agreement);
  // A witness that was not there might have contradicted.
  if (plain.verdict === 'pass' && witnesses.every((one) => one === 'agrees')) return false;
  return judgement.verdict === 'pass' && witnesses.includes('contradicts') ? true : null;
}

function isExact(expect: Expected): boolean {
  if (!('packets' in expect)) return false;
  const { reason, ...hosts } = expect.kernel;
  const counts = Object.values(hosts).flatMap((host) => Object.values(host));
  const reasons: readonly StatedReason[] =
    typeof reason === 'string' ? [] : 'from' in reason ? [reason] : reason;
  return !counts.includes('some') && reasons.every(({ is }) => typeof is === 'string');
}

/** The outcomes of which a cell may show one; none where the lab has one outcome only. */
export function possibleOutcomes(
  cell: Parameters<typeof expectedOf>[0],
): { readonly name: string; readonly because: string }[] {
  return expectedOf(cell).flatMap((one) =>
    'outcome' in one ? [{ name: one.outcome, because: one.because }] : [],
  );
}
