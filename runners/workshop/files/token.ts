import { randomBytes } from 'node:crypto';
import { isAlive, type Owner, thisOwner } from '../../owner.ts';

let self: Promise<Owner> | undefined;

function own(): Promise<Owner> {
  self ??= thisOwner();
  return self;
}

/**
 * Names what this process makes for a moment: `MACHINE-PID-START-NUMBER`. No file of a participant's is so named, and
 * who finds it can tell whether its maker still runs.
 */
export async function newToken(): Promise<string> {
  const { machine, pid, started } = await own();
  return `${machine}-${pid}-${started}-${randomBytes(4).toString('hex')}`;
}

const TOKEN = /^([0-9a-f]{16})-(\d+)-(\d*)-[0-9a-f]{8}$/;

export function isToken(name: string): boolean {
  return TOKEN.test(name);
}

/** What a file bears until it is whole and gets its name. */
export function unfinished(path: string, token: string): string {
  return `${path}.${token}.new`;
}

/** The token in the name of an unfinished file. */
export function tokenIn(name: string): string | undefined {
  const token = /\.([^.]+)\.new$/.exec(name)?.[1] ?? '';
  return isToken(token) ? token : undefined;
}

/** Whether the process has ended; undefined for one of another machine or container, of which nothing can be known. */
export async function hasEnded(token: string): Promise<boolean | undefined> {
  const [, machine, pid, started = ''] = TOKEN.exec(token) ?? [];
  if (machine === undefined || machine !== (await own()).machine) return undefined;
  return !(await isAlive({ machine, pid: Number(pid), started }));
}
