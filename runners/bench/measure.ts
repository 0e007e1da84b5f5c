/** What one call of the command line took, in milliseconds. */
export type Call = {
  /** From the start of the process to the first cell: Node, modules, catalog, engine. */
  readonly startMs: number;
  /** From the first cell to the last verdict, hosts included. */
  readonly labMs: number;
  /** From the last verdict to the end of the process: report, hosts taken away. */
  readonly endMs: number;
};

/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = [
    sorted[middle - (sorted.length % 2 === 0 ? 1 : 0)],
    sorted[middle],
  ];
  return (low + high) / 2;
}

/**
 * Divides a call's time, seen from outside, by what its own result says.
 *
 * @param beganMs, endedMs since the epoch, of the process
 */
export function divide(
  beganMs: number,
  endedMs: number,
  result: { readonly startedAt: string; readonly durationMs: number },
): Call {
  const startMs = Date.parse(result.startedAt) - beganMs;
  const labMs = result.durationMs;
  return { startMs, labMs, endMs: endedMs - beganMs - startMs - labMs };
}
