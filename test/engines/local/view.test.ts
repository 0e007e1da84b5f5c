import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { tableOf, viewOf } from '../../../runners/engines/local/view.ts';
import { CACHE } from '../../../runners/paths.ts';
import { folderWith } from '../../_folder.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

/** A project and a folder of commands among the files that all may write. */
function machine(t: ExecutionContext) {
  const [home, tools] = [realpathSync(folderWith(t)), realpathSync(folderWith(t))];
  const [project, bin] = [join(home, 'project'), join(tools, 'node/bin')];
  for (const part of ['runners', 'labs', '.cache', 'test']) {
    mkdirSync(join(project, part), { recursive: true });
  }
  mkdirSync(bin, { recursive: true });
  return { home, tools, project, bin };
}

/** Not below what is covered anyway, as a clone in /tmp is. */
const BASE = process.getuid?.() === 0 ? '/opt' : CACHE;

onLinux(
  'what everybody may write is covered; of a project there, what hosts need is shown',
  (t) => {
    const { project, home, tools, bin } = machine(t);
    const { covered, shown, writable } = viewOf({ isRoot: true, project, path: ['/usr/bin', bin] });
    t.true(covered.includes('/tmp'));
    t.false(covered.includes(home), 'with what is above it');
    // What lies beside the commands is there, too.
    t.deepEqual(shown, [
      ...['runners', 'labs', '.cache'].map((part) => join(project, part)),
      tools,
    ]);
    t.is(writable, '/dev/shm');
  },
);

onLinux(
  'a folder that only root may pass is covered for root’s programs, and for nobody else’s',
  (t) => {
    const closed = mkdtempSync(join(BASE, 'reset-labs-test-'));
    t.teardown(() => rmSync(closed, { recursive: true }));
    const bin = join(closed, 'tools/bin');
    mkdirSync(bin, { recursive: true });
    const surroundings = { project: '/usr', path: [bin] };
    const [roots, others] = [true, false].map((isRoot) => viewOf({ isRoot, ...surroundings }));
    t.true(roots?.covered.includes(closed));
    t.deepEqual(roots?.shown, [join(closed, 'tools')]);
    t.false(others?.covered.includes(closed));
  },
);

onLinux('a project that only root may pass is covered, and its parts are shown', (t) => {
  const project = mkdtempSync(join(BASE, 'reset-labs-test-'));
  t.teardown(() => rmSync(project, { recursive: true }));
  for (const part of ['labs', '.cache']) mkdirSync(join(project, part));
  const { covered, shown } = viewOf({ isRoot: true, project, path: [] });
  t.true(covered.includes(project));
  t.deepEqual(shown, [join(project, 'labs'), join(project, '.cache')]);
});

onLinux('a name that leads through a link in a covered folder is shown, too', (t) => {
  const { home, bin } = machine(t);
  const link = join(home, 'link');
  symlinkSync('/usr/bin', link);
  const { shown } = viewOf({ isRoot: true, project: '/usr', path: [link, bin] });
  t.true(shown.some((folder) => link.startsWith(folder)));
});

const MOUNTINFO = [
  '21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
  '22 21 0:21 / /proc rw,relatime - proc proc rw',
  '23 21 0:22 / /sys rw,nosuid - sysfs sysfs rw',
  '24 21 0:30 / /usr rw,nosuid,nodev,relatime shared:2 master:1 - ext4 /dev/vdb rw',
  '25 21 0:31 / /usr/share ro,relatime - ext4 /dev/vdc rw',
  '26 21 0:32 / /tmp rw - tmpfs tmpfs rw',
  '27 21 0:33 / /tmp/a\\040b rw - tmpfs tmpfs rw',
  '28 21 0:34 / /usr/lib rw,noexec - ext4 /dev/vdd rw',
  '29 21 0:35 / /usr/lib ro,noexec - ext4 /dev/vde rw',
  '30 21 0:36 / /no/such/place rw - ext4 /dev/vdf rw',
  '',
].join('\n');
const VIEW = { covered: ['/tmp', '/run'], shown: ['/tmp/a b/labs'], writable: '/dev/shm' };

onLinux('what can be written is made read-only and keeps its other options', (t) => {
  for (const isRoot of [true, false]) {
    const { fstab } = tableOf(VIEW, { scratch: '/srv/scratch', mountinfo: MOUNTINFO, isRoot });
    t.deepEqual(
      fstab.split('\n').filter((line) => line.startsWith('none')),
      [
        // `mount --all` leaves out what is called "/".
        'none /. none remount,bind,ro,relatime',
        'none /usr none remount,bind,ro,nosuid,nodev,relatime',
      ],
    );
  }
});

test('covered folders come last, and of them the one that has the scratch folder', (t) => {
  const where = { scratch: '/tmp/a b/scratch', mountinfo: '', isRoot: false };
  const { folders, fstab, ownFstab } = tableOf(VIEW, where);
  t.deepEqual(folders, ['/tmp/a b/scratch/0', '/tmp/a b/scratch/1', '/tmp/a b/scratch/0/a b/labs']);
  t.deepEqual(fstab.trim().split('\n'), [
    '/tmp/a\\040b/labs /tmp/a\\040b/scratch/0/a\\040b/labs none rbind',
    '/tmp/a\\040b/scratch/1 /run none rbind,ro',
    '/tmp/a\\040b/scratch/0 /tmp none rbind,ro',
  ]);
  t.deepEqual(ownFstab.trim().split('\n'), [
    'host /tmp/a\\040b/scratch tmpfs size=64m,mode=0700,nosuid,nodev',
    'host /dev/shm tmpfs size=16m,mode=1777,nosuid,nodev',
  ]);
});
