import type { Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { packetsExpected } from '../docs/course.ts';
import { reasonShown } from '../docs/kernel.ts';
import { grouped } from '../grouped.ts';
import { type Entry, storyTitle } from './entries.ts';

/** A case in which texts are shown: what of the network tells it from the others. */
export type Case = {
  readonly story: NamedLab;
  readonly at: string;
  readonly packets: string;
  readonly reason: string;
  readonly why: string;
};

/** The stories that may show one of these texts, in the order of the labs; each once for each step. */
export function casesOf(entries: readonly Entry[]): Case[] {
  const found = new Map<string, Case>();
  for (const { step, shownIn } of entries) {
    for (const { story, why, expected } of shownIn) {
      const title = `${storyTitle(story)} ${step}`;
      if (found.has(title)) continue;
      found.set(title, {
        ...{ story, at: step, why },
        packets: packetsOf(expected),
        reason: reasonShown(expected.kernel.reason),
      });
    }
  }
  // Plain stories first within a lab.
  const place = ({ story }: Case) => `${story.number} ${story.cure === null ? 0 : 1}`;
  return [...found.values()].sort((a, b) =>
    place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0,
  );
}

/** A RST that no host has sent bears the name of one all the same. */
function packetsOf(expected: Expectation): string {
  const shown = packetsExpected(expected);
  return expected.kernel.reason === 'received only'
    ? shown.replace('RST from', 'RST in the name of the')
    : shown;
}

/** `java: read, validate; node: read` */
export function shownBy(group: readonly Entry[]): string {
  return grouped(group, ({ language, version }) => idOf(language, version))
    .map((own) => {
      const [{ language, version }] = own;
      const steps = [...new Set(own.map(({ step }) => step))];
      return `${idOf(language, version)}: ${steps.join(', ')}`;
    })
    .join('; ');
}

/** `ruby@3.1` where only that version shows it */
export function idOf({ name }: NamedLanguage, version: string | null): string {
  return version === null ? name : `${name}@${version}`;
}
