import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inContainer } from '../in-container.ts';
import { confinedBy } from './confined.ts';

/** The settings that are known to forbid namespaces to users, and what sets each free. */
const SETTINGS = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    mend: 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    mend: 'sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    forbids: '0',
    mend: 'sysctl -w user.max_user_namespaces=10000',
  },
] as const;

/**
 * What forbids namespaces, and what sets them free, in sentences.
 *
 * @param said by the command that could not make one
 */
export async function culprit(
  said: string,
  { root = '/', isRoot = process.getuid?.() === 0 } = {},
): Promise<string> {
  const isContained = inContainer(root);
  const options = isContained ? await confinedBy(said, { root, isRoot }) : [];
  // A container has the settings of its host, and may not change them.
  const where = isContained ? " on the container's host" : ', or run as root';
  const sentences = [
    ...(options.length > 0
      ? [
          `this container forbids it. Start it with \`docker run ${options.join(' ')}\`, see docs/devcontainer.md.`,
        ]
      : []),
    // Root makes namespaces without one for users.
    ...(isRoot ? [] : await forbidding(root)).map(
      ({ file, forbids, mend }) => `${file} is ${forbids}. Run \`sudo ${mend}\`${where}.`,
    ),
  ];
  if (sentences.length > 0) return sentences.join(' ');
  return `a container or a security module forbids it. Run outside of the container${isRoot ? '' : ', or as root'}.`;
}

async function forbidding(root: string): Promise<(typeof SETTINGS)[number][]> {
  const values = await Promise.all(
    SETTINGS.map(({ file }) => readFile(join(root, file), 'utf8').catch(() => '')),
  );
  return SETTINGS.filter(({ forbids }, place) => values[place]?.trim() === forbids);
}
