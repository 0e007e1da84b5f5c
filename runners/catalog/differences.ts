import { UserError } from '../user-error.ts';
import type { Difference, OwnDifference } from './difference.ts';
import type { Expected } from './expectation.ts';
import type { NamedLab } from './lab.ts';
import type { NamedLanguage } from './language.ts';
import { suggestion } from './nearest.ts';

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
