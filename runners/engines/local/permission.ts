import { spawn } from 'node:child_process';
import { EnvironmentError } from '../../user-error.ts';
import { culprit } from './culprit.ts';
import { which } from './toolchain.ts';
import { unprivileged } from './unprivileged.ts';

/** The commands without which there is no local engine, and the Debian packages that have them. */
export const REQUIRED = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  taskset: 'util-linux',
  ip: 'iproute2',
  bash: 'bash',
  mount: 'mount',
} as const;

/** Root makes namespaces as it is; anybody else makes them inside a user namespace. */
export function unshareFlags(): string[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];
  return [
    ...user,
    '--net',
    '--ipc',
    '--uts',
    '--mount',
    '--pid',
    '--fork',
    '--mount-proc',
    '--kill-child',
  ];
}

/**
 * Makes a namespace to see whether it can be done: settings alone do not tell, since user namespaces may
 * be made and yet be without capabilities (Ubuntu's AppArmor).
 *
 * @throws EnvironmentError which names what forbids it, and the mend
 */
export async function assertNamespaces(): Promise<void> {
  for (const [command, debian] of Object.entries(REQUIRED)) {
    if ((await which(command)) === undefined) {
      throw new EnvironmentError(
        `The local engine needs \`${command}\`, which is not on the PATH: apt-get install ${debian}. Or use --engine docker.`,
      );
    }
  }
  const said = await trial();
  if (said === undefined) return;
  throw new EnvironmentError(
    `The local engine cannot make a network namespace here (${said}): ${await culprit(said)} Or use --engine docker.`,
  );
}

async function trial(): Promise<string | undefined> {
  const attempts = `ip link set lo up && exec ${unprivileged().join(' ')} true`;
  const child = spawn('unshare', [...unshareFlags(), 'sh', '-c', attempts], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status) => resolve(status === 0 ? undefined : said.trim()));
  });
}
