import { readFileSync } from 'node:fs';
import { TICK_MS } from '../processor-time.ts';

/**
 * For how long the machine's processors have been busy since it started, in milliseconds, whoever used them:
 * of what an engine costs, most is done by processes that are not ours.
 */
export function busyMs(stat = readFileSync('/proc/stat', 'utf8')): number {
  const [, ...ticks] = /^cpu +.*/.exec(stat)?.[0].split(/ +/).map(Number) ?? [];
  // user, nice, system, idle, iowait, irq, softirq, steal; what guests used is part of user and nice.
  const busy = ticks.filter((_, place) => place < 8 && place !== 3 && place !== 4);
  return busy.reduce((sum, tick) => sum + tick, 0) * TICK_MS;
}
