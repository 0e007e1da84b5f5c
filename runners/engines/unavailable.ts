/** Something that is not there, with the reason in one sentence, and where there is one the mend. */
export type Unavailable = { readonly unavailable: string };

export function isUnavailable(thing: object | undefined): thing is Unavailable {
  return thing !== undefined && 'unavailable' in thing;
}
