import { capture, frame } from './captures.ts';
import { archive, foreign } from './snapshots.ts';
import type { Target } from './target.ts';
import { agent, compose, counters, resets, sockets, steps, terminal } from './texts.ts';

/** All that reads what the kernel, a program or a machine has written. */
export const TARGETS: readonly Target[] = [
  ...[capture, frame],
  ...[steps, agent, sockets, counters, resets, compose, terminal],
  ...[archive, foreign],
];
