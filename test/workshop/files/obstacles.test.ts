// What can stand where a participant's files belong: one message with the path, what is there and the mend, and nothing
// is lost.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { MountNamespace } from '../../../runners/chaos/mount-namespace.ts';
import { EXIT } from '../../../runners/user-error.ts';
import { folderWith } from '../../_folder.ts';
import { cli, run } from '../../commands/_run.ts';
import { NO_DOCKER } from '../../doctor/_machine.ts';
import { typedIn } from '../_typed-in.ts';

const LAB = '04-crash-server';
const OWN = `${LAB}/ask.py`;
const STATE = `version: 1
language: python
labs:
${['01-hello', '02-refused', '03-abort'].map((lab) => `  ${lab}: { skipped: true }\n`).join('')}`;

const CHECK = ['check', '4', '--engine', 'local'];
const RESET = ['workshop', '--reset', '04'];
const AGAIN = 'or give it another name: the starter is laid out again then.\n';
const NEVER_A_FOLDER =
  'and a folder of the workshop belongs there. Give it another name, or name another folder for the workshop: RESET_LABS_WORKSHOP=FOLDER\n';

type Case = {
  readonly put: (folder: string, t: ExecutionContext) => void;
  /** FOLDER stands for that of the workshop. */
  readonly says: string;
};

/** What stands in the place of the own file: `--reset` keeps it beside the starter. */
const INSTEAD: Readonly<Record<string, Case>> = {
  'a folder': {
    put: (folder) => mkdirSync(join(folder, OWN)),
    says: `FOLDER/${OWN} is a folder. Write your program there, ${AGAIN}`,
  },
  'a FIFO': {
    put: (folder) => execFileSync('mkfifo', [join(folder, OWN)]),
    says: `FOLDER/${OWN} is a FIFO. Write your program there, ${AGAIN}`,
  },
  'a link that leads nowhere': {
    put: (folder) => symlinkSync('mine.py', join(folder, OWN)),
    says: `FOLDER/${OWN} is a link to mine.py, where nothing is. Write your program there, ${AGAIN}`,
  },
  'a link that leads out of the folder': {
    put: (folder) => symlinkSync('/etc/passwd', join(folder, OWN)),
    says: `FOLDER/${OWN} leads out of the workshop's folder, to /etc/passwd. Put your program itself there, ${AGAIN}`,
  },
  'nothing but blanks': {
    put: (folder) => writeFileSync(join(folder, OWN), ' \n'),
    says: `FOLDER/${OWN} is empty. Write your program there, ${AGAIN}`,
  },
  'what is not UTF-8': {
    put: (folder) => writeFileSync(join(folder, OWN), Buffer.from('# d\xe9j\xe0', 'latin1')),
    says: `FOLDER/${OWN} is not UTF-8. Write your program there, ${AGAIN}`,
  },
  'a GB of nothing': {
    put(folder) {
      const descriptor = openSync(join(folder, OWN), 'w');
      ftruncateSync(descriptor, 2 ** 30);
      closeSync(descriptor);
    },
    says: `FOLDER/${OWN} has more than 1 MB. Write your program there, ${AGAIN}`,
  },
};

for (const [what, { put, says }] of Object.entries(INSTEAD)) {
  test.serial(`in the place of the own file: ${what}`, async (t) => {
    const folder = folderWith(t, { 'progress.yaml': STATE, [`${LAB}/notes`]: 'mine' });
    put(folder, t);
    const { ino, size } = lstatSync(join(folder, OWN));
    const told = await typedIn(t, folder, CHECK);
    t.is(told.err.replaceAll(folder, 'FOLDER'), says);
    t.is(told.status, EXIT.usage);
    t.is(told.out, '');
    t.deepEqual(readdirSync(join(folder, LAB)).sort(), ['ask.py', 'notes']);

    const reset = await typedIn(t, folder, RESET);
    t.is(reset.status, EXIT.pass, reset.err);
    t.deepEqual(readdirSync(join(folder, LAB)).sort(), ['ask.py', 'ask.py.old', 'notes']);
    const kept = lstatSync(join(folder, `${OWN}.old`));
    t.deepEqual([kept.ino, kept.size], [ino, size]);
    t.regex(readFileSync(join(folder, OWN), 'utf8'), /socket/);
  });
}

for (const [what, { put, says }] of Object.entries<Case>({
  'a file in the place of the folder': {
    put: (folder) => writeFileSync(join(folder, LAB), 'mine'),
    says: `FOLDER/${LAB} is a file, ${NEVER_A_FOLDER}`,
  },
  'a folder that is a link which leads nowhere': {
    put: (folder) => symlinkSync('nowhere', join(folder, LAB)),
    says: `FOLDER/${LAB} is a link to nowhere, where nothing is, ${NEVER_A_FOLDER}`,
  },
  'a folder that leads out': {
    put: (folder, t) => symlinkSync(folderWith(t), join(folder, LAB)),
    says: `FOLDER/${LAB} leads out of the workshop's folder, to OUT. Put your program itself there, ${AGAIN}`,
  },
})) {
  test.serial(what, async (t) => {
    const folder = folderWith(t, { 'progress.yaml': STATE });
    put(folder, t);
    const before = lstatSync(join(folder, LAB));
    for (const words of [CHECK, ['workshop']]) {
      const { status, out, err } = await typedIn(t, folder, words);
      const real = before.isSymbolicLink() ? realOf(join(folder, LAB)) : NOWHERE;
      t.is(err.replaceAll(folder, 'FOLDER').replaceAll(real, 'OUT'), says, words[0]);
      t.is(status, EXIT.usage);
      t.is(out, '');
    }
    t.is(lstatSync(join(folder, LAB)).ino, before.ino);
    t.deepEqual(readdirSync(folder).sort(), [LAB, 'progress.yaml']);
  });
}

const NOWHERE = '/nowhere/';

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return NOWHERE;
  }
}

test.serial('RESET_LABS_WORKSHOP is a file, or lies in one', async (t) => {
  const file = join(folderWith(t, { mine: 'mine' }), 'mine');
  for (const [workshop, words] of [
    [file, CHECK],
    [file, ['workshop', '--language', 'python']],
    [file, ['workshop', '--reset', 'all']],
    [join(file, 'deeper'), ['workshop', '--skip', '4']],
  ] as const) {
    const { status, out, err } = await typedIn(t, workshop, words);
    t.is(err, `${file} is a file, ${NEVER_A_FOLDER}`, words.join(' '));
    t.is(status, EXIT.usage);
    t.is(out, '');
  }
  t.is(readFileSync(file, 'utf8'), 'mine');
});

test.serial('RESET_LABS_WORKSHOP is where no folder can be made', async (t) => {
  const folder = '/proc/workshop/mine';
  const { status, err } = await typedIn(t, folder, ['workshop', '--language', 'python']);
  t.regex(
    err,
    /^\/proc\/workshop\/mine\/progress\.yaml cannot be written: ENOENT: .*\. Let yourself write/,
  );
  t.is(status, EXIT.usage);
});

test.serial('the folder of the workshop may be a link', async (t) => {
  const folder = folderWith(t, { 'mine/progress.yaml': STATE });
  symlinkSync('mine', join(folder, 'link'));
  const { status, err } = await typedIn(t, join(folder, 'link'), ['workshop']);
  t.is(status, EXIT.pass, err);
  t.deepEqual(readdirSync(join(folder, 'mine', LAB)), ['ask.py']);
});

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test.serial : test.serial.skip;

/** As a user to whom files can be forbidden: root is one without two of its rights. */
function cliAsUser(words: readonly string[], env: Readonly<Record<string, string>>) {
  if (!isRoot) return cli(words, { env });
  const rights = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'];
  const [command = '', ...more] = [
    ...rights,
    process.execPath,
    '--import',
    'tsx',
    'runners/cli.ts',
  ];
  return run(command, [...more, ...words], { env });
}

test('a file that may not be read, and a folder that may not be written', async (t) => {
  const folder = folderWith(t, { 'progress.yaml': STATE, [OWN]: 'mine' });
  const env = { RESET_LABS_WORKSHOP: folder, DOCKER_HOST: NO_DOCKER };
  chmodSync(join(folder, OWN), 0);
  const read = await cliAsUser(CHECK, env);
  t.regex(read.err, /ask\.py cannot be read \(EACCES: [^)]*\)\. Write your program there, or /);
  t.is(read.status, EXIT.usage);
  chmodSync(join(folder, OWN), 0o644);
  chmodSync(folder, 0o555);
  t.teardown(() => chmodSync(folder, 0o755));
  const written = await cliAsUser(['workshop', '--skip', '5'], env);
  t.regex(
    written.err,
    /^\S+progress\.yaml cannot be written: EACCES: .*\. Let yourself write there, or /,
  );
  t.is(written.status, EXIT.usage);
  t.is(readFileSync(join(folder, 'progress.yaml'), 'utf8'), STATE);
});

/** A disk that only programs which enter it see. */
async function mounted(t: ExecutionContext, options: string, files: string) {
  const disk = join(folderWith(t, files === '' ? {} : { 'progress.yaml': files }), 'disk');
  const script = `mkdir "$0"; mount -t tmpfs -o size=1m tmpfs "$0"; cp "$0"/../progress.yaml "$0"/
mount -o "remount,$1" "$0"`;
  const { enter, root, close } = await open(script, disk, options);
  t.teardown(close);
  const [command = '', ...words] = [
    ...enter,
    process.execPath,
    '--import',
    'tsx',
    'runners/cli.ts',
  ];
  return {
    seen: join(root, disk),
    cli: (...more: readonly string[]) =>
      run(command, [...words, ...more], {
        env: { RESET_LABS_WORKSHOP: disk, DOCKER_HOST: NO_DOCKER },
      }),
  };
}

async function open(...words: Parameters<typeof MountNamespace.open>) {
  const namespace = await MountNamespace.open(...words);
  return { enter: namespace.enter, root: namespace.root, close: () => namespace.close() };
}

/** All that would write there is refused, each with the file that it could not write. */
async function assertRefused(
  t: ExecutionContext,
  cli: Awaited<ReturnType<typeof mounted>>['cli'],
  { code, mend, exit }: { readonly code: string; readonly mend: string; readonly exit: number },
): Promise<void> {
  for (const [words, path] of [
    [['workshop', '--skip', '5'], 'progress.yaml'],
    [['workshop'], OWN],
    [CHECK, OWN],
  ] as const) {
    const { status, out, err } = await cli(...words);
    t.regex(
      err,
      new RegExp(`^\\S+/disk/${path} cannot be written: ${code}: [^\\n]*\\. ${mend}\\n$`),
    );
    t.is(status, exit);
    t.is(out, '');
  }
}

asRoot('a read-only disk: lists are shown, and what is to be written is told', async (t) => {
  const { cli, seen } = await mounted(t, 'ro', STATE);
  const listed = await cli('workshop', '--list');
  t.is(listed.status, EXIT.pass, listed.err);
  await assertRefused(t, cli, {
    code: 'EROFS',
    mend: 'Let yourself write there, or name another folder for the workshop: RESET_LABS_WORKSHOP=FOLDER',
    exit: EXIT.usage,
  });
  t.deepEqual(readdirSync(seen), ['progress.yaml']);
});

asRoot('a full disk: what was there stays, and nothing is left of what was begun', async (t) => {
  const { cli, seen } = await mounted(t, 'rw', STATE);
  const { bavail, bsize } = await statfs(seen);
  await writeFile(join(seen, 'filler'), Buffer.alloc(bavail * bsize)).catch(() => {});
  await assertRefused(t, cli, {
    code: 'ENOSPC',
    mend: 'The disk is full: make room there, then run the same command again\\.',
    exit: EXIT.environment,
  });
  t.is(readFileSync(join(seen, 'progress.yaml'), 'utf8'), STATE);
  t.deepEqual(
    readdirSync(seen).filter((name) => name !== LAB),
    ['filler', 'progress.yaml'],
  );
});
