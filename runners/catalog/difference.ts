import type { Expected } from './expectation.ts';

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
