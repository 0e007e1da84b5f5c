import type { NamedLab } from './lab.ts';

/** A lab with its stories, plain ones and cures. */
export type LabOfStories = Pick<NamedLab, 'number' | 'name' | 'headline' | 'causes'> & {
  readonly plain: readonly NamedLab[];
  readonly cured: readonly NamedLab[];
};

/** Puts stories to their labs, in the order of the labs. */
export function byLab(stories: readonly NamedLab[]): LabOfStories[] {
  const numbers = [...new Set(stories.map(({ number }) => number))].sort();
  return numbers.flatMap((wanted): LabOfStories[] => {
    const own = stories.filter(({ number }) => number === wanted);
    const [first] = own;
    if (!first) return [];
    const { number, name, headline, causes } = first;
    const plain = own.filter(({ cure }) => cure === null);
    const cured = own.filter(({ cure }) => cure !== null);
    return [{ number, name, headline, causes, plain, cured }];
  });
}

/** Stories in the order in which all of them are run: the plain ones, then the cures. */
export function plainFirst(stories: readonly NamedLab[]): NamedLab[] {
  return [...stories].sort((a, b) => Number(a.cure !== null) - Number(b.cure !== null));
}
