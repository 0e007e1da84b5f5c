import type { EngineName } from '../engines/engine.ts';
import { messageOf } from '../user-error.ts';

/** `missing`: something needs it and it is not there. `optional`: it is not there, and labs run without. */
export type Status = 'ok' | 'missing' | 'optional';

/** One thing that was looked at, as `npm run doctor -- --json` prints it. */
export type Check = {
  /** Unique; the checks of an engine begin with its name. */
  readonly name: string;
  readonly status: Status;
  readonly detail: string;
  /** The command that mends it; null where nothing is to be mended, or no command can. */
  readonly mend: string | null;
};

/** Whether an engine can run labs in all languages, and what was looked at to know. */
export type EngineChecks = { readonly ready: boolean; readonly checks: readonly Check[] };

export type Diagnosis = {
  readonly ready: boolean;
  readonly engines: { readonly [engine in EngineName]?: { readonly ready: boolean } };
  readonly checks: readonly Check[];
};

export function ok(name: string, detail: string): Check {
  return { name, status: 'ok', detail, mend: null };
}

export function missing(name: string, detail: string, mend: string | null): Check {
  return { name, status: 'missing', detail, mend };
}

export function optional(name: string, detail: string, mend: string | null): Check {
  return { name, status: 'optional', detail, mend };
}

/** What is missing can be done without. */
export function demote(check: Check): Check {
  return check.status === 'missing' ? { ...check, status: 'optional' } : check;
}

/** A check that itself fails hides no other. */
export async function guarded(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    const { detail, mend } = split(messageOf(error));
    return missing(name, detail, mend);
  }
}

/** The messages of engines end with the mend: `tcpdump is not on the PATH: apt-get install tcpdump`. */
export function split(message: string): { detail: string; mend: string | null } {
  // What stands in parentheses is said by others, and may hold colons.
  const [, detail, mend] = /^((?:\([^()]*\)|[^()])*?(?<=\S)): ([a-z].*?)\.?$/s.exec(message) ?? [];
  return detail && mend ? { detail, mend } : { detail: message, mend: null };
}

/** The command that installs packages of Debian, as this user has to write it. */
export function aptInstall(packages: string, isRoot = process.getuid?.() === 0): string {
  return `${isRoot ? '' : 'sudo '}apt-get install ${packages}`;
}
