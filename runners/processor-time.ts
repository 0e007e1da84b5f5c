import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second for everybody (USER_HZ). */
export const TICK_MS = 10;

/**
 * Processor time of this process and of all its descendants that have ended and were waited for, in
 * milliseconds; null where there is no /proc.
 */
export function processorTimeMs(): number | null {
  try {
    // The name, in parentheses, may have spaces. After it: state is field 3, cutime and cstime are 16 and 17.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    const ofChildren = (Number(fields[13]) + Number(fields[14])) * TICK_MS;
    const { user, system } = process.cpuUsage();
    return Math.round((user + system) / 1000 + ofChildren);
  } catch {
    return null;
  }
}

/** What of {@link processorTimeMs} was used since then, in milliseconds; null where one of both is not known. */
export function processorTimeSince(beforeMs: number | null): number | null {
  const nowMs = processorTimeMs();
  return beforeMs === null || nowMs === null ? null : nowMs - beforeMs;
}
