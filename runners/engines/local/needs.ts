import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Need } from '../../catalog/topology.ts';
import { inProject } from '../../paths.ts';
import type { Unavailable } from '../unavailable.ts';
import { which } from './toolchain.ts';

const run = promisify(execFile);

/** What a need comes down to on this machine: a command, and the Debian package that has it. */
export const COMMANDS = {
  nft: { command: 'nft', debian: 'nftables' },
  conntrack: { command: 'conntrack', debian: 'conntrack' },
  ss: { command: 'ss', debian: 'iproute2' },
  haproxy: { command: 'haproxy', debian: 'haproxy' },
  'raw-sockets': { command: 'python3', debian: 'python3' },
} as const satisfies Readonly<
  Record<Exclude<Need, 'memory-limit'>, { command: string; debian: string }>
>;

/** Runs a command beside a group of limited memory, see memory-limit.sh. */
export function memoryLimited(runId: string, command: readonly string[]): string[] {
  return ['bash', inProject('runners/engines/local/memory-limit.sh'), runId, ...command];
}

/** The reason and the mend where this machine cannot give what a lab needs. */
export async function missingNeed(need: Need, runId: string): Promise<Unavailable | undefined> {
  if (need === 'memory-limit') return missingMemoryLimit(runId);
  const { command, debian } = COMMANDS[need];
  if ((await which(command)) !== undefined) return undefined;
  return {
    unavailable: `the lab needs \`${command}\`, which is not on the PATH: apt-get install ${debian}`,
  };
}

async function missingMemoryLimit(runId: string): Promise<Unavailable | undefined> {
  if (process.getuid?.() !== 0) {
    return { unavailable: 'a memory limit needs root: run as root, or use --engine docker' };
  }
  const [command = '', ...words] = memoryLimited(runId, ['true']);
  try {
    await run(command, words);
    return undefined;
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    return { unavailable: `${said}: run as root of this machine, or use --engine docker` };
  }
}
