import type { Story } from '../catalog/lab.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Recorded } from '../recording.ts';
import type { Witness } from '../verdict/judge.ts';
import type { TrueStory } from './stories.ts';

/** One lie, and who must catch it. */
export type Lie = {
  /** A few words; unique. */
  readonly name: string;
  /** One sentence. */
  readonly lie: string;
  readonly of: 'program' | 'capture' | 'counters' | 'trace';
  /** The story in which it is told; its truthful twin is the same story without the lie. */
  readonly story: TrueStory;
  /** `unknown` only where evidence is missing, or is another's. */
  readonly verdict: 'fail' | 'unknown';
  /** The witnesses that do not agree; each other one must. */
  readonly caughtBy: readonly Witness[];
  /** What the verdict's reason must say, so that a person knows what is wrong. */
  readonly says: RegExp;
} & Told;

/** How it is told: by programs that lie in a real cell, or by what is done to the evidence of a true one. */
export type Told =
  | { readonly by: LyingPrograms }
  | { readonly tamper: (truth: Recorded, others: Others) => Observation | Promise<Observation> };

export type LyingPrograms = {
  /** A lie of `programs/client.py`; without, the client is the truthful one. */
  readonly client?: string;
  /** A lie of `programs/server.py`. */
  readonly server?: string;
  /** What else is not as the story promises. */
  readonly change?: Pick<Story, 'server'>;
  /** The version that is asked for is the one that the machine has. */
  readonly asksForVersion?: true;
};

/** The true cells of the same run: of each story one, and of `abort` another, observed later. */
export type Others = {
  readonly of: (story: TrueStory) => Recorded;
  readonly later: Recorded;
};
