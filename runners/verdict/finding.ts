/** What one witness says of an expectation. */
export type Finding = {
  readonly agreement: 'agrees' | 'contradicts' | 'unavailable';
  /** What should be seen, in a few words. */
  readonly expected: string;
  /** What was seen in its place; or why nothing could be seen. */
  readonly observed: string;
};

export function agrees(expected: string, observed: string = expected): Finding {
  return { agreement: 'agrees', expected, observed };
}

export function contradicts(expected: string, observed: string): Finding {
  return { agreement: 'contradicts', expected, observed };
}

export function unavailable(expected: string, why: string): Finding {
  return { agreement: 'unavailable', expected, observed: why };
}
