import type { Experiment } from '../experiment.ts';
import { commands } from './commands.ts';
import { disk } from './disk.ts';
import { docker } from './docker.ts';
import { frozen } from './frozen.ts';
import { ports } from './ports.ts';
import { signals } from './signals.ts';

/** In the order of the table. */
export const experiments: readonly Experiment[] = [
  ...signals,
  ...disk,
  ...commands,
  ...frozen,
  ...ports,
  ...docker,
];
