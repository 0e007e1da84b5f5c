import { UserError } from '../user-error.ts';
import type { Expected } from './expectation.ts';
import type { NamedLab } from './lab.ts';
import type { NamedLanguage } from './language.ts';
import { suggestion } from './nearest.ts';

/** In which roles a language's programs run. */
export type RoleName = 'client' | 'server';

/** A true exception of a language in one story of a lab: it takes the place of the lab's own expectation. */
export type OwnDifference = {
  /** The lab's name, `closed-socket`, and where it has them the names of the variant and of the cure. */
  readonly lab: string;
  readonly variant?: string;
  readonly cure?: string;
  readonly as: RoleName;
  /** Only together with these languages in the other role; without: with all. */
  readonly with?: readonly string[];
  /** One sentence. */
  readonly because: string;
  /** An https address that shows the cause: a line of source at a tag, documentation, a bug, an RFC. */
  readonly link: string;
  /** Its own, or the name of one of the story's `ways`. */
  readonly expect: Expected | string;
};

/** A true exception of a pair of languages, or of one language beside all others, with its reason. */
export type Difference = {
  readonly client?: string;
  readonly server?: string;
  readonly because: string;
  readonly link: string;
  readonly expect: Expected;
};

/**
 * Labs with the differences of these languages: those of pairs first, then those of clients, then those of
 * servers, so that the most particular one is the first that fits.
 *
 * @throws UserError where a language names a way that a story has not
 */
export function withDifferences(
  labs: readonly NamedLab[],
  languages: readonly NamedLanguage[],
): NamedLab[] {
  const named = [...new Map(languages.map((language) => [language.name, language])).values()];
  return labs.map((lab) => {
    const differs = named.flatMap((language) => differencesIn(lab, language)).sort(byParticularity);
    return differs.length === 0 ? lab : { ...lab, differs };
  });
}

function differencesIn(lab: NamedLab, language: NamedLanguage): Difference[] {
  return (language.differs ?? [])
    .filter((own) => isOf(own, lab))
    .flatMap(({ as, with: others, because, link, expect }) => {
      const what = { because, link, expect: expectOf(expect, lab, language) };
      const other = as === 'client' ? 'server' : 'client';
      return others === undefined
        ? [{ [as]: language.name, ...what }]
        : others.map((one) => ({ [as]: language.name, [other]: one, ...what }));
    });
}

/** Whether a language's difference is of this story. */
export function isOf(
  { lab, variant, cure }: Pick<OwnDifference, 'lab' | 'variant' | 'cure'>,
  story: Pick<NamedLab, 'name' | 'variant' | 'cure'>,
): boolean {
  return lab === story.name && (variant ?? null) === story.variant && (cure ?? null) === story.cure;
}

function expectOf(expect: Expected | string, lab: NamedLab, { of }: NamedLanguage): Expected {
  if (typeof expect !== 'string') return expect;
  const found = lab.ways?.[expect];
  if (found !== undefined) return found;
  const known = Object.keys(lab.ways ?? {});
  throw new UserError(
    `labs/programs/${of}/language.ts: a difference in ${lab.name} names the way "${expect}", which the lab does not have. ${suggestion(expect, known)}`,
  );
}

function byParticularity(one: Difference, other: Difference): number {
  return rank(one) - rank(other);
}

function rank({ client, server }: Difference): number {
  if (client !== undefined && server !== undefined) return 0;
  return client !== undefined ? 1 : 2;
}
