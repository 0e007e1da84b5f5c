import { UserError } from '../user-error.ts';
import type { Cause, NamedLab } from './lab.ts';
import { suggestion } from './nearest.ts';

export type Selection = {
  /** Cures in place of the plain stories. */
  readonly cured: boolean;
  readonly cause?: readonly Cause[];
  /** Names of variants or, with `cured`, of cures. */
  readonly variant?: readonly string[];
  readonly ip: 4 | 6;
};

/**
 * The stories of labs that a person asked for.
 *
 * @throws UserError if there is none, or no such variant
 */
export function selectStories(
  labs: readonly NamedLab[],
  { cured, cause, variant, ip }: Selection,
): NamedLab[] {
  const ofCause = labs.filter(
    ({ causes }) => cause === undefined || causes.some((one) => cause.includes(one)),
  );
  const told = ofCause.filter((lab) => (lab.cure !== null) === cured);
  if (told.length === 0) {
    throw new UserError(
      cured && ofCause.length > 0
        ? `No cure is written for ${namesOf(ofCause)}. List the labs and their cures: npm run lab`
        : `No lab that you named has the cause ${cause?.join(' or ')}. List the labs: npm run lab`,
    );
  }
  const direct = told.filter(({ topology }) => ip === 4 || topology === 'direct');
  if (direct.length === 0) {
    throw new UserError(
      `--ip 6 is for labs of topology direct, and ${namesOf(told)} is none. Leave --ip 6 out.`,
    );
  }
  if (variant === undefined) return direct;
  const found = new Set(variant.flatMap((name) => named(name, direct, cured)));
  return direct.filter((lab) => found.has(lab));
}

/** The names of labs of which `--ip 6` leaves stories out: they are no part of the run, which must be said. */
export function leftOutByIp6(labs: readonly NamedLab[], { ip, ...selection }: Selection): string[] {
  if (ip === 4) return [];
  const others = selectStories(labs, { ...selection, ip: 4 });
  return [
    ...new Set(others.filter(({ topology }) => topology !== 'direct').map(({ name }) => name)),
  ];
}

/** The stories with a name, of which there is at least one. */
function named(name: string, labs: readonly NamedLab[], cured: boolean): NamedLab[] {
  const nameOf = (lab: NamedLab) => (cured ? lab.cure : lab.variant);
  const found = labs.filter((lab) => nameOf(lab) === name);
  if (found.length > 0) return found;
  const known = [...new Set(labs.flatMap((lab) => nameOf(lab) ?? []))];
  const what = cured ? 'cure' : 'variant';
  throw new UserError(
    known.length === 0
      ? `${namesOf(labs)} has no ${what}s. Leave --variant out.`
      : `There is no ${what} "${name}" (--variant). ${suggestion(name, known)}`,
  );
}

function namesOf(labs: readonly NamedLab[]): string {
  return [...new Set(labs.map(({ name }) => name))].join(', ');
}
