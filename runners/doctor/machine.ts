import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { inProject } from '../paths.ts';
import { type Check, missing, ok, optional } from './check.ts';

/** The first kernel whose tracepoint `tcp:tcp_send_reset` has the field `reason`. */
const STATES_REASONS = [6, 10] as const;

/** Whether this Node.js is one of those that package.json names. */
export async function nodeCheck(version = process.versions.node): Promise<Check> {
  const { engines } = JSON.parse(await readFile(inProject('package.json'), 'utf8')) as {
    engines: { node: string };
  };
  if (inRange(version, engines.node)) return ok('node', `Node.js ${version}`);
  return missing('node', `Node.js ${version}; the labs need ${engines.node}`, 'nvm install 24');
}

/** Knows of npm's ranges what package.json uses: `^20.19 || >=25`. */
function inRange(version: string, range: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [, sign, wantedMajor, wantedMinor] = /^(\^|>=)(\d+)(?:\.(\d+))?$/.exec(part.trim()) ?? [];
    if (major === Number(wantedMajor)) return minor >= Number(wantedMinor ?? 0);
    return sign === '>=' && major > Number(wantedMajor);
  });
}

/** Whether this machine's kernel can state why it sends a reset. Docker's may be another one. */
export function kernelCheck(version = release(), platform: string = process.platform): Check {
  if (platform !== 'linux') {
    return optional('kernel', `${platform}, not Linux: labs run on Docker's Linux`, null);
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = STATES_REASONS;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) {
    return ok('kernel', `Linux ${version}, which states the reasons of resets`);
  }
  return optional(
    'kernel',
    `Linux ${version} does not state the reasons of resets (from ${STATES_REASONS.join('.')} on); its counters still tell of them`,
    null,
  );
}
