import type { Random } from '../random.ts';

/** Something that reads what others have written. */
export type Target = {
  readonly name: string;
  /** Inputs as they are when nothing is wrong. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Reads an input. Its documented errors are caught here; whatever it throws is a finding.
   *
   * @returns a few words for what it came to: inputs which come to something new are worth more changes
   */
  readonly read: (input: Uint8Array, random: Random) => string;
};

/** A property that does not hold. */
export class Broken extends Error {
  override name = 'Broken';
}

/** @throws Broken which tells the property, where it does not hold */
export function holds(property: string, isTrue: boolean): void {
  if (!isTrue) throw new Broken(`does not hold: ${property}`);
}
