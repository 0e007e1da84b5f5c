import { UserError } from '../user-error.ts';
import type { Lab, Story } from './lab.ts';

export type NamedStory = {
  readonly variant: string | null;
  readonly cure: string | null;
  /** Not checked yet. */
  readonly story: Partial<Story>;
  /** Where it stands in the lab, for messages: `variants.unread: `. */
  readonly where: string;
};

/**
 * Completes the stories of a lab: plain ones first, then cures.
 *
 * @param file the lab's, for errors
 * @throws UserError where a cure is of a variant that is not there
 */
export function storiesOf(
  { causes: _, variants, cures, ...common }: Lab,
  file: string,
): NamedStory[] {
  const plain = Object.entries(variants ?? {}).map(([variant, own]) => ({
    ...{ variant, cure: null, where: `variants.${variant}: ` },
    story: { ...common, ...own },
  }));
  const single = { variant: null, cure: null, where: '', story: common };
  const cured = Object.entries(cures ?? {}).map(([cure, { of, ...own }]) => {
    const cures = of === undefined ? undefined : plain.find(({ variant }) => variant === of);
    if (of !== undefined && cures === undefined) {
      const mend = variants
        ? `write a variant of the lab: ${Object.keys(variants).join(', ')}`
        : 'remove it, since the lab has no variants';
      throw new UserError(
        `${file}: \`cures.${cure}.of\` is "${of}": ${mend}. See CONTRIBUTING.md, "add a lab".`,
      );
    }
    return {
      ...{ variant: of ?? null, cure, where: `cures.${cure}: ` },
      // A fault that a cure does not name is the lab's; other ways are of the story that had them.
      story: { ...withoutWays(cures?.story ?? common), ...own },
    };
  });
  return [...(variants === undefined ? [single] : plain), ...cured];
}

function withoutWays({ ways: _, ...story }: Partial<Story>): Partial<Story> {
  return story;
}
