import type { Owner } from '../../owner.ts';

/** Marks all that a run makes, so that leftovers can be found and told from what is in use. */
export const LABEL = { run: 'reset-labs.run', owner: 'reset-labs.owner' } as const;

/** The label's value: `MACHINE:PID:START_TIME`. */
export function ownerLabel({ machine, pid, started }: Owner): string {
  return `${machine}:${pid}:${started}`;
}

/** Reads a label's value; undefined where it is none of ours. */
export function readOwner(label: string | undefined): Owner | undefined {
  const [, machine = '', pid, started = ''] = /^(\w+):(\d+):(\d*)$/.exec(label ?? '') ?? [];
  return pid === undefined ? undefined : { machine, pid: Number(pid), started };
}
