/** What is not as a rule of the workshop's content wants it; `unknown`: it could not be looked at. */
export type Finding = { readonly kind: 'wrong' | 'unknown'; readonly says: string };

export function wrong(says: string): Finding {
  return { kind: 'wrong', says };
}
