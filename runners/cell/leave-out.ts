/** Kinds of evidence that a person may leave out, to see on what the verdict then rests. */
export const LEAVE_OUT = ['packets', 'kernel'] as const;
export type LeaveOut = ReadonlySet<(typeof LEAVE_OUT)[number]>;
