import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the hosts need of root, with its number in <linux/capability.h>: see docs/devcontainer.md. */
const CAPABILITIES = {
  KILL: 5,
  SETGID: 6,
  SETUID: 7,
  SETPCAP: 8,
  NET_ADMIN: 12,
  NET_RAW: 13,
  SYS_ADMIN: 21,
} as const;

/**
 * The options of `docker run` without which a container keeps this process from making hosts, as far as its own
 * /proc tells.
 *
 * @param said by the command that could not make a namespace
 */
export async function confinedBy(
  said: string,
  { root, isRoot }: { readonly root: string; readonly isRoot: boolean },
): Promise<string[]> {
  const read = (path: string) => readFile(join(root, 'proc/self', path), 'utf8').catch(() => '');
  const [status, mounts, profile] = await Promise.all(
    ['status', 'mountinfo', 'attr/current'].map(read),
  );
  // In a container with SYS_ADMIN Docker's profile lets all through; then it is something else that has failed.
  const lifted = isRoot
    ? missingCapabilities(status ?? '').map((name) => `--cap-add ${name}`)
    : [
        ...(/^Seccomp:\s*2$/m.test(status ?? '') && said.includes('unshare failed')
          ? ['--security-opt seccomp=unconfined']
          : []),
        // A user namespace gets no proc of its own while something hides a part of the one that is there.
        ...(/^\S+ \S+ \S+ \S+ \/proc\//m.test(mounts ?? '')
          ? ['--security-opt systempaths=unconfined']
          : []),
      ];
  const isProfiled = !['', 'unconfined'].includes(profile?.replace(/[\0\n]/g, '') ?? '');
  return [...lifted, ...(isProfiled ? ['--security-opt apparmor=unconfined'] : [])];
}

function missingCapabilities(status: string): string[] {
  const [, effective = '0'] = /^CapEff:\s*([\da-f]+)$/m.exec(status) ?? [];
  const has = BigInt(`0x${effective}`);
  return Object.entries(CAPABILITIES).flatMap(([name, bit]) =>
    has & (1n << BigInt(bit)) ? [] : [name],
  );
}
