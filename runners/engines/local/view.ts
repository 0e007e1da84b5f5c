import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import { ROOT } from '../../paths.ts';
import { searchPath } from './toolchain.ts';

/** Where everybody may write, and where the sockets of the machine's services are. */
const COMMON = ['/run', '/tmp', '/var/tmp', '/dev/shm'];

/** Those that can be the programs' own, the best first: on many a machine a project is in /tmp. */
const WRITABLE = ['/dev/shm', '/var/tmp', '/tmp'];

/**
 * Kinds of file systems which are left as they are: a namespace's own, those that cannot be read-only, and
 * those in which everything belongs to the machine's root.
 */
const LEFT = new Set(
  'proc nsfs autofs sysfs cgroup tracefs debugfs securityfs configfs pstore bpf devpts'.split(' '),
);

/** What the programs on hosts see of this machine's files, apart from all being read-only. */
export type View = {
  /** Folders in whose place they find empty ones. */
  readonly covered: readonly string[];
  /** Folders below those which are there all the same, under the same path. */
  readonly shown: readonly string[];
  /** A folder in whose place each host has one of its own, in which its programs can write. */
  readonly writable: string;
};

export type Surroundings = {
  readonly isRoot: boolean;
  readonly project: string;
  /** The folders of the PATH. */
  readonly path: readonly string[];
};

/** What hosts need of the project: scripts, programs, compiled programs and toolchains. */
const PARTS = ['runners', 'labs', '.cache'];

/**
 * The view of programs on this machine.
 *
 * Root's programs run as another user, who may not pass each folder that root passes: of a clone or a
 * toolchain below /root, say. Such a folder is covered, too, and what is needed is shown in it.
 */
export function viewOf({ isRoot, project, path }: Surroundings): View {
  const parts = real(project)
    .flatMap((folder) => PARTS.map((part) => join(folder, part)))
    .filter((part) => existsSync(part));
  // By both names where they differ: one may lead through a link in a covered folder.
  const commands = path.flatMap((one) => real(one).flatMap((name) => [name, one]));
  const closed = isRoot
    ? [...real(project), ...commands].flatMap((one) => firstClosed(one) ?? [])
    : [];
  const covered = unique([...COMMON.flatMap(real), ...closed])
    // What a covered folder has is covered with it.
    .filter((folder, _, all) => !all.some((one) => isBelow(folder, one)));
  const shown = covered.flatMap((cover) => [
    ...parts.filter((part) => isBelow(part, cover)),
    // Commands need what lies beside their folder.
    ...commands.flatMap((one) => (isBelow(one, cover) ? firstBelow(cover, one) : [])),
  ]);
  const isFree = (folder: string) => !shown.some((one) => isBelow(one, folder));
  return {
    covered,
    shown: unique(shown).filter((folder, _, all) => !all.some((one) => isBelow(folder, one))),
    writable: WRITABLE.find((folder) => covered.includes(folder) && isFree(folder)) ?? '/dev/shm',
  };
}

/** What `mount --all` makes of this machine's file systems for the hosts of a topology. */
export type ViewTable = {
  /** Folders that must be there before. */
  readonly folders: readonly string[];
  /** For all hosts, as in /etc/fstab. */
  readonly fstab: string;
  /** Afterwards, for each host alone. */
  readonly ownFstab: string;
};

/**
 * Tells how a view comes about.
 *
 * @param scratch a folder for a small file system of the topology; then for that of a host's agent
 * @param mountinfo all that is mounted, as /proc/self/mountinfo tells it
 */
export function tableOf(
  { covered, shown, writable }: View,
  { scratch, mountinfo, isRoot }: { scratch: string; mountinfo: string; isRoot: boolean },
): ViewTable {
  // Each host has a /proc of its own.
  const hidden = [scratch, '/proc', ...covered];
  const readOnly = mounts(mountinfo)
    .filter(({ type, options }) => !LEFT.has(type) && options.includes('rw'))
    .filter(({ point }) => !hidden.some((folder) => point === folder || isBelow(point, folder)))
    .filter(({ point }) => isReachable(point, isRoot))
    // Other options must stay as they are: in a user namespace they cannot be changed.
    .map(({ point, options }) =>
      // By that other name, since `mount --all` leaves out what is called "/".
      line('none', point === '/' ? '/.' : point, 'none', [
        'remount,bind,ro',
        ...options.filter((option) => option !== 'rw'),
      ]),
    );
  const place = (cover: string) => join(scratch, String(covered.indexOf(cover)));
  const inside = covered.flatMap((cover) =>
    shown.flatMap((folder) =>
      isBelow(folder, cover) ? { folder, at: join(place(cover), relative(cover, folder)) } : [],
    ),
  );
  // What is covered last takes the scratch folder away.
  const order = [...covered].sort(
    (a, b) => Number(isBelow(scratch, a)) - Number(isBelow(scratch, b)),
  );
  const own = (folder: string, options: string) =>
    line('host', folder, 'tmpfs', [options, 'nosuid,nodev']);
  return {
    folders: [...covered.map(place), ...inside.map(({ at }) => at)],
    fstab: [
      ...readOnly,
      ...inside.map(({ folder, at }) => line(folder, at, 'none', ['rbind'])),
      ...order.map((cover) => line(place(cover), cover, 'none', ['rbind,ro'])),
    ].join(''),
    ownFstab:
      own(scratch, 'size=64m,mode=0700') +
      // All may write, for it is not theirs: a size is the limit.
      own(writable, 'size=16m,mode=1777'),
  };
}

let known: View | undefined;

/** How this machine's hosts come to their view, see {@link tableOf}; and the folder that is writable there. */
export function hostsView(scratch: string): ViewTable & { readonly writable: string } {
  const isRoot = process.getuid?.() === 0;
  known ??= viewOf({ isRoot, project: ROOT, path: searchPath().split(delimiter) });
  // Read each time: somebody may have mounted something.
  const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
  return { ...tableOf(known, { scratch, mountinfo, isRoot }), writable: known.writable };
}

type Mount = {
  readonly point: string;
  readonly options: readonly string[];
  readonly type: string;
};

/** What is mounted; of several mounts at one place the last, which is the one that is seen. */
function mounts(mountinfo: string): Mount[] {
  const found = new Map<string, Mount>();
  for (const text of mountinfo.split('\n')) {
    const [before = '', after = ''] = text.split(' - ');
    const [, , , , where, options = ''] = before.split(' ');
    if (where === undefined) continue;
    const point = where.replaceAll(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    found.set(point, { point, options: options.split(','), type: after.split(' ')[0] ?? '' });
  }
  return [...found.values()];
}

/** One line of an fstab, whose fields are separated by blanks. */
function line(source: string, target: string, type: string, options: readonly string[]): string {
  const field = (text: string) =>
    text.replaceAll(/[\\ \t\n#]/g, (sign) => {
      return `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`;
    });
  return `${field(source)} ${field(target)} ${type} ${options.join(',')}\n`;
}

/** Whether programs can come there at all: a mount of containers, say, only root can. */
function isReachable(path: string, isRoot: boolean): boolean {
  try {
    return isRoot ? firstClosed(dirname(path)) === undefined : statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The true name of a folder, if it is there. */
function real(folder: string): string[] {
  try {
    const path = realpathSync(folder);
    return statSync(path).isDirectory() ? [path] : [];
  } catch {
    return [];
  }
}

/** The topmost folder of a path that not everybody may pass. The machine's first is not ours to cover. */
function firstClosed(path: string): string | undefined {
  const above = dirname(path);
  if (above === path) return undefined;
  return firstClosed(above) ?? ((statSync(path).mode & 0o001) === 0 ? path : undefined);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder === sep ? sep : `${folder}${sep}`);
}

function firstBelow(cover: string, path: string): string {
  return join(cover, relative(cover, path).split(sep)[0] ?? '');
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}
