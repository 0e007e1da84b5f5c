import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { until } from '../deadline.ts';

/** A process of this machine, as it was when it was looked for. */
export type Process = {
  readonly pid: number;
  readonly parent: number;
  /** The name of the file that it executes; empty where that cannot be known. */
  readonly executes: string;
  /** Its command, the words joined by spaces. */
  readonly command: string;
};

/** Tells a process among others. */
export type IsIt = (one: Process, all: readonly Process[]) => boolean;

/** Whether it is the agent of a host, and none of the shells that an agent starts. */
export const isAgent: IsIt = ({ executes, command, parent }, all) =>
  executes === 'bash' &&
  /^bash \S+\/agent\.sh /.test(command) &&
  all.some(({ pid, executes }) => pid === parent && executes === 'unshare');

/**
 * The one that none of the others has started. What a process starts is a copy of it for a moment, and may
 * have the lower number.
 */
export function eldest(processes: readonly Process[]): Process | undefined {
  return processes.find(({ parent }) => processes.every(({ pid }) => pid !== parent));
}

/** Stops a process; resolves with false where it has ended instead. */
export function stop(pid: number): Promise<boolean> {
  return until('the stop of a process', async () => {
    const state = stateOf(pid);
    if (state === 'T') return true;
    if (state === undefined || state === 'Z') return false;
    process.kill(pid, 'SIGSTOP');
    return undefined;
  });
}

/** As the kernel names it: `T` is stopped, `Z` has ended; undefined where there is none. */
function stateOf(pid: number): string | undefined {
  try {
    return statOf(pid)[0];
  } catch {
    return undefined;
  }
}

/** The state, the parent and more. The name before them, in parentheses, may hold anything. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** All of this machine. */
export function allProcesses(): Process[] {
  return readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? read(Number(pid)) : []));
}

/** All that descends from a process and still runs. */
export function descendants(ancestor: number): Process[] {
  const all = allProcesses();
  const found: Process[] = [];
  const parents = new Set([ancestor]);
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const one of all) {
      if (!parents.has(one.parent) || parents.has(one.pid)) continue;
      parents.add(one.pid);
      found.push(one);
    }
  }
  return found;
}

function read(pid: number): Process[] {
  try {
    const [state, parent] = statOf(pid);
    if (state === 'Z') return [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return [{ pid, parent: Number(parent), executes: executed(pid), command }];
  } catch {
    return [];
  }
}

function executed(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return '';
  }
}
