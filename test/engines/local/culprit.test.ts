// The texts of /proc are those of containers of Docker 20.10; AppArmor's are as its documentation shows them.
import test from 'ava';
import { culprit } from '../../../runners/engines/local/culprit.ts';
import { folderWith } from '../../_folder.ts';

const UNSHARE = 'unshare: unshare failed: Operation not permitted';
const MOUNT = 'unshare: mount /proc failed: Operation not permitted';
const CAPABLE = 'CapEff:\t00000000a80435fb\n';
const PLAIN = '253 252 0:50 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n';
const MASKED = `${PLAIN}254 253 0:50 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
255 253 0:55 / /proc/acpi ro,relatime - tmpfs tmpfs ro,size=0k
`;

const machine = { 'proc/self/status': `${CAPABLE}Seccomp:\t0\n`, 'proc/self/mountinfo': PLAIN };
const container = {
  '.dockerenv': '',
  'proc/self/status': `${CAPABLE}Seccomp:\t2\nSeccomp_filters:\t1\n`,
  'proc/self/mountinfo': MASKED,
};
const user = { isRoot: false };

const starting = (options: string) =>
  `this container forbids it. Start it with \`docker run ${options}\`, see docs/devcontainer.md.`;

test('a user: each setting that forbids namespaces, and what sets it free', async (t) => {
  const all = {
    'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
    'proc/sys/kernel/unprivileged_userns_clone': '0\n',
    'proc/sys/user/max_user_namespaces': '0\n',
  };
  const said = await culprit('', { root: folderWith(t, { ...machine, ...all }), ...user });
  t.is(
    said,
    [
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1. Run `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, or run as root.',
      '/proc/sys/kernel/unprivileged_userns_clone is 0. Run `sudo sysctl -w kernel.unprivileged_userns_clone=1`, or run as root.',
      '/proc/sys/user/max_user_namespaces is 0. Run `sudo sysctl -w user.max_user_namespaces=10000`, or run as root.',
    ].join(' '),
  );
  // For root they are none of the reasons.
  t.notRegex(await culprit('', { root: folderWith(t, all), isRoot: true }), /sysctl/);
});

test('settings that forbid nothing are not named', async (t) => {
  const all = {
    'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
    'proc/sys/kernel/unprivileged_userns_clone': '1\n',
    'proc/sys/user/max_user_namespaces': '96364\n',
  };
  t.is(
    await culprit(UNSHARE, { root: folderWith(t, { ...machine, ...all }), ...user }),
    'a container or a security module forbids it. Run outside of the container, or as root.',
  );
});

test('outside of containers no option of a container is named', async (t) => {
  const { '.dockerenv': _mark, ...files } = container;
  t.notRegex(await culprit(UNSHARE, { root: folderWith(t, files), ...user }), /docker run/);
});

test('a user in a container: what confines it, all at once', async (t) => {
  const root = folderWith(t, container);
  t.is(
    await culprit(UNSHARE, { root, ...user }),
    starting('--security-opt seccomp=unconfined --security-opt systempaths=unconfined'),
  );
});

test('seccomp that has let the namespace through is not named', async (t) => {
  const root = folderWith(t, container);
  t.is(await culprit(MOUNT, { root, ...user }), starting('--security-opt systempaths=unconfined'));
});

test("Ubuntu's host: the container's profile, and the setting of the host", async (t) => {
  const root = folderWith(t, {
    ...{ 'run/.containerenv': '', 'proc/self/attr/current': 'docker-default (enforce)\n' },
    ...{ 'proc/self/status': `${CAPABLE}Seccomp:\t0\n`, 'proc/self/mountinfo': PLAIN },
    'proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
  });
  t.is(
    await culprit(UNSHARE, { root, ...user }),
    `${starting('--security-opt apparmor=unconfined')} /proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1. Run \`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\` on the container's host.`,
  );
});

test('a profile that confines nothing is not named', async (t) => {
  const files = { ...container, 'proc/self/attr/current': 'unconfined\n' };
  t.notRegex(await culprit(MOUNT, { root: folderWith(t, files), ...user }), /apparmor/);
});

test('root in a container: the capabilities that it lacks', async (t) => {
  const withCaps = (caps: string) =>
    folderWith(t, { ...container, 'proc/self/status': `CapEff:\t${caps}\nSeccomp:\t2\n` });
  const isRoot = true;
  // Docker's default.
  t.is(
    await culprit(UNSHARE, { root: withCaps('00000000a80425fb'), isRoot }),
    starting('--cap-add NET_ADMIN --cap-add SYS_ADMIN'),
  );
  t.is(
    await culprit(UNSHARE, { root: withCaps('0000000000000000'), isRoot }),
    starting(
      ['KILL', 'SETGID', 'SETUID', 'SETPCAP', 'NET_ADMIN', 'NET_RAW', 'SYS_ADMIN']
        .map((name) => `--cap-add ${name}`)
        .join(' '),
    ),
  );
  t.is(
    await culprit(UNSHARE, { root: withCaps('000001ffffffffff'), isRoot }),
    'a container or a security module forbids it. Run outside of the container.',
  );
});
