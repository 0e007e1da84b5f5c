import type { Alternative, Expectation, Expected } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';

/** What of a story can be mutated. */
export type Stated = Pick<NamedLab, 'expect' | 'differs'>;

/** A place in a story at which one expectation stands. */
export type Slot = {
  /** Of `differs`; null: of `expect`. */
  readonly difference: number | null;
  /** Of several outcomes; null where there is one. */
  readonly alternative: number | null;
};

export function slotsOf({ expect, differs = [] }: Stated): Slot[] {
  const of = (expected: Expected, difference: number | null): Slot[] =>
    isSingle(expected)
      ? [{ difference, alternative: null }]
      : expected.map((_, alternative) => ({ difference, alternative }));
  return [...of(expect, null), ...differs.flatMap((one, place) => of(one.expect, place))];
}

export function isSingle(expected: Expected): expected is Expectation {
  return 'packets' in expected;
}

export function listOf(expected: Expected): readonly (Expectation | Alternative)[] {
  return isSingle(expected) ? [expected] : expected;
}

export function at(stated: Stated, slot: Slot): Expectation {
  return listOf(expectedAt(stated, slot.difference))[slot.alternative ?? 0] as Expectation;
}

/** The story's own expectation, or that of a difference. */
export function expectedAt({ expect, differs }: Stated, difference: number | null): Expected {
  const of = difference === null ? undefined : (differs ?? [])[difference];
  return of?.expect ?? expect;
}

/** With another expectation at a place; an alternative keeps its name. */
export function withExpectation(stated: Stated, slot: Slot, changed: Expectation): Stated {
  const old = expectedAt(stated, slot.difference);
  const next = isSingle(old)
    ? changed
    : old.map((one, place) => (place === slot.alternative ? { ...one, ...changed } : one));
  return withExpected(stated, slot.difference, next);
}

export function withExpected(stated: Stated, difference: number | null, next: Expected): Stated {
  if (difference === null) return { ...stated, expect: next };
  const differs = (stated.differs ?? []).map((one, place) =>
    place === difference ? { ...one, expect: next } : one,
  );
  return { ...stated, differs };
}
