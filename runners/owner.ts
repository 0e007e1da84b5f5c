import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The process that made something: on which machine, its id, and when it started. */
export type Owner = { readonly machine: string; readonly pid: number; readonly started: string };

/** This process. */
export async function thisOwner(): Promise<Owner> {
  const [machine, started] = await Promise.all([machineKey(), startTime(process.pid)]);
  return { machine, pid: process.pid, started: started ?? '' };
}

/** Whether a process of this machine still runs. A process id alone could be another's by now. */
export async function isAlive({ pid, started }: Owner): Promise<boolean> {
  return started === '' ? exists(pid) : (await startTime(pid)) === started;
}

/**
 * Names this machine, and on it the process namespace: in another one, ids mean other processes. Machines
 * that were copied have the same id and name, but were not started together. Hashed, since the machine's id
 * is nobody else's business.
 */
async function machineKey(): Promise<string> {
  const [id, start, namespace] = await Promise.all([
    readFile('/etc/machine-id', 'utf8').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return createHash('sha256')
    .update([id.trim(), start.trim(), hostname(), namespace].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** In clock ticks since the machine's start; undefined where there is no such process, or no /proc. */
async function startTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the command's name in parentheses, and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  // A zombie has ended; only its parent has not asked how.
  return fields[0] === 'Z' ? undefined : fields[19];
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
