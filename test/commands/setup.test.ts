import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadLanguages } from '../../runners/catalog/load.ts';
import { REQUIRED } from '../../runners/engines/local/permission.ts';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { BASICS, folderOfCommands, NO_DOCKER } from '../doctor/_machine.ts';
import { run } from './_run.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

type Machine = {
  readonly real?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  /** Whether the Node modules are there. */
  readonly modules?: boolean;
};

/** A copy of the project's set-up, and a PATH with little on it. */
function machine(t: ExecutionContext, { real = ['node'], scripts = {}, modules = true }: Machine) {
  const lock = modules ? { 'node_modules/.package-lock.json': '{}' } : {};
  const folder = folderWith(t, { 'package-lock.json': '{}', ...lock });
  utimesSync(join(folder, 'package-lock.json'), 1, 1);
  cpSync(inProject('scripts/setup.sh'), join(folder, 'scripts/setup.sh'));
  cpSync(inProject('package.json'), join(folder, 'package.json'));
  for (const name of readdirSync(inProject('labs/programs'))) {
    const file = `labs/programs/${name}/language.ts`;
    if (existsSync(inProject(file))) cpSync(inProject(file), join(folder, file));
  }
  const PATH = folderOfCommands(t, [...BASICS, ...real], scripts);
  const env = { PATH, DOCKER_HOST: NO_DOCKER };
  return {
    folder,
    setUp: (...words: string[]) => run(join(folder, 'scripts/setup.sh'), words, { cwd: '/', env }),
  };
}

/** Every command of every language but Node's, which does nothing. */
const LANGUAGES = Object.fromEntries(
  (await loadLanguages(['all'], '--client'))
    .flatMap(({ toolchain }) => toolchain.commands)
    .filter((command) => command !== 'node')
    .map((command) => [command, '']),
);

const ENGINE = ['unshare', 'nsenter', 'setpriv', 'taskset', 'mount', 'ip', 'ss'];

onLinux('--dry-run names exactly what is missing', async (t) => {
  const { setUp, folder } = machine(t, { real: ['node', ...ENGINE], modules: false });
  t.like(await setUp('--dry-run', '--engine', 'local'), {
    status: 0,
    out: '',
    err: [
      'node_modules: npm ci',
      'tcpdump (tcpdump)',
      'default-jdk-headless (java, javac)',
      'python3 (python3)',
      '',
    ].join('\n'),
  });
  t.deepEqual(readdirSync(folder).sort(), ['labs', 'package-lock.json', 'package.json', 'scripts']);
});

onLinux('every command of the engine and of each language is looked for', async (t) => {
  const { setUp } = machine(t, {});
  const { err } = await setUp('--dry-run', '--engine', 'local', '--client', 'all');
  // Those of every folder for administrators count as being on the PATH.
  const isThere = (command: string) =>
    [...BASICS, 'node'].includes(command) ||
    ['/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, command)));
  const wanted = [
    ...Object.entries(REQUIRED),
    ...(await loadLanguages(['all'], '--client')).flatMap(({ toolchain }) =>
      toolchain.commands.map((command): [string, string] => [command, toolchain.debian]),
    ),
  ].filter(([command]) => !isThere(command));
  t.true(wanted.length >= 4);
  for (const [command, debian] of wanted) {
    t.regex(err, new RegExp(`^${debian} \\(.*\\b${command}\\b.*\\)$`, 'm'));
  }
});

/** What holds sources to a style. */
const STYLE = { black: '', pyflakes3: '' };

onLinux('all: the tools that hold sources to a style are looked for, too', async (t) => {
  const { setUp } = machine(t, {
    real: ['node', ...ENGINE],
    scripts: { ...LANGUAGES, tcpdump: '' },
  });
  t.regex((await setUp('--dry-run', '--engine', 'all')).err, /^black \(black\)$/m);
  t.notRegex((await setUp('--dry-run', '--engine', 'local')).err, /black/);
});

onLinux('where all is there it says nothing', async (t) => {
  const scripts = { ...LANGUAGES, ...STYLE, tcpdump: '' };
  const { setUp, folder } = machine(t, { real: ['node', ...ENGINE], scripts });
  mkdirSync(join(folder, '.cache/toolchains/node-22-x64'), { recursive: true });
  for (const engine of ['auto', 'local', 'all', 'none']) {
    t.like(await setUp('--engine', engine, 'crash-server', '--json'), {
      ...{ status: 0, out: '', err: '' },
    });
  }
});

onLinux('all: the version that tests need beside that of the PATH', async (t) => {
  const ok = { ...STYLE, tcpdump: '', nft: '', conntrack: '', haproxy: '' };
  const scripts = { ...LANGUAGES, ...ok, node: 'echo v20.20.2', npm: 'echo "$*" >>npm.log' };
  const { setUp, folder } = machine(t, { real: ENGINE, scripts });
  t.like(await setUp('--dry-run', '--engine', 'all'), {
    ...{ status: 0, out: '', err: 'node@22: npm run toolchains -- node@22\n' },
  });
  t.like(await setUp('--engine', 'all'), {
    ...{ status: 0, out: '', err: 'Fetching node@22: tests run labs with it …\n' },
  });
  t.is(readFileSync(join(folder, 'npm.log'), 'utf8'), 'run --silent toolchains -- node@22\n');
});

onLinux('root installs what is missing, and only that; a failure is said once', async (t) => {
  const log = join(folderWith(t), 'apt.log');
  const scripts = {
    id: 'echo 0',
    tcpdump: '',
    'apt-get': `echo "$*" >>'${log}'; [[ $* == *update ]] && exit; echo "E: no network"; exit 100`,
  };
  const { setUp } = machine(t, { real: ['node', ...ENGINE], scripts });
  const first = await setUp('--engine', 'local');
  t.is(first.status, 0, 'the lab may go on');
  t.is(first.out, '');
  t.is(
    first.err,
    [
      'Installing default-jdk-headless (java, javac), python3 (python3): the local engine runs the labs with them …',
      'E: no network',
      'They could not be installed. Try: apt-get install -y --no-install-recommends default-jdk-headless python3',
      'Going on without: what needs them is shown as not run.',
      '',
    ].join('\n'),
  );
  const calls = readFileSync(log, 'utf8').trim().split('\n');
  t.regex(calls[0] ?? '', /update$/);
  t.regex(calls[1] ?? '', /install -y --no-install-recommends default-jdk-headless python3$/);
  const second = await setUp('--engine', 'local');
  t.regex(second.err, /^Missing for the local engine: default-jdk-headless \(java, javac\), /);
  t.is(readFileSync(log, 'utf8').trim().split('\n').length, 2, 'not tried again');
});

onLinux('anybody else is told the one command, and goes on', async (t) => {
  const scripts = { id: 'echo 1000', 'apt-get': 'exit 1', tcpdump: '', java: '', javac: '' };
  const { setUp } = machine(t, { real: ['node', ...ENGINE], scripts });
  t.like(await setUp('--engine', 'local'), {
    status: 0,
    out: '',
    err: [
      'Missing for the local engine: python3 (python3).',
      'Install them: sudo apt-get install -y --no-install-recommends python3',
      'Going on without: what needs them is shown as not run.',
      '',
    ].join('\n'),
  });
});

onLinux('another package manager: the names are told', async (t) => {
  const scripts = { tcpdump: '', java: '', javac: '' };
  const { setUp } = machine(t, { real: ['node', ...ENGINE], scripts });
  const { status, err } = await setUp();
  t.is(status, 0);
  t.regex(
    err,
    /python3 \(python3\); the names are Debian's\.\nInstall them with the package manager/,
  );
});

const NEEDED = '\\^20\\.19 \\|\\| \\^22\\.20 \\|\\| \\^24\\.12 \\|\\| >=25';

test('no Node.js: one message', async (t) => {
  const { setUp } = machine(t, { real: [] });
  const { status, out, err } = await setUp();
  t.is(status, 4);
  t.is(out, '');
  t.regex(err, new RegExp(`^Node\\.js is not on the PATH; the labs need ${NEEDED}: see .*\\n$`));
});

for (const version of ['18.19.0', '20.18.9', '21.7.0', '22.19.0', '23.0.0', '24.11.0']) {
  test(`Node.js ${version}: one message`, async (t) => {
    const { setUp } = machine(t, { real: [], scripts: { node: `echo v${version}` } });
    const { status, err } = await setUp('--engine', 'none');
    t.is(status, 4);
    t.regex(
      err,
      new RegExp(`^Node\\.js v${version} is not supported; the labs need ${NEEDED}: see .*\\n$`),
    );
  });
}

for (const version of ['20.19.0', '22.20.1', '24.12.0', '25.0.0', '26.1.0']) {
  test(`Node.js ${version} will do`, async (t) => {
    const { setUp } = machine(t, { real: [], scripts: { node: `echo v${version}` } });
    t.like(await setUp('--engine', 'none'), { status: 0, out: '', err: '' });
  });
}

test('the modules are installed when they are missing or older than the lock file', async (t) => {
  const npm = 'echo "npm $*"; mkdir -p node_modules; touch node_modules/.package-lock.json';
  const { setUp, folder } = machine(t, { scripts: { npm }, modules: false });
  const command = 'npm ci --loglevel=error --no-audit --no-fund --include=dev';
  const installs = {
    status: 0,
    out: '',
    err: `Installing the Node modules (npm ci) …\n${command}\n`,
  };
  t.like(await setUp('--engine', 'none'), installs);
  t.like(await setUp('--engine', 'none'), { status: 0, out: '', err: '' });
  const later = Date.now() / 1000 + 60;
  utimesSync(join(folder, 'package-lock.json'), later, later);
  t.like(await setUp('--engine', 'none'), installs);
});

test('npm ci that fails is seen, and ends the set-up', async (t) => {
  const npm = 'echo "npm error code ENOTFOUND" >&2; exit 1';
  const { setUp } = machine(t, { scripts: { npm }, modules: false });
  t.like(await setUp(), {
    status: 4,
    out: '',
    err: [
      'Installing the Node modules (npm ci) …',
      'npm error code ENOTFOUND',
      'npm ci has failed, for the reason above. Once it is mended: npm ci --loglevel=error',
      '',
    ].join('\n'),
  });
});

/** A docker command that knows these images. */
const dockerWith = (...images: string[]) =>
  `for image; do :; done; [[ ' ${images.join(' ')} ' == *" $image "* ]] || { echo "Error: No such image: $image" >&2; exit 1; }`;

test('with Docker and its base image nothing else is needed', async (t) => {
  const { setUp } = machine(t, { scripts: { docker: dockerWith('debian:trixie-slim') } });
  t.like(await setUp(), { status: 0, out: '', err: '' });
});

test('Docker without the base image: --dry-run names what makes it', async (t) => {
  const { setUp } = machine(t, { scripts: { docker: dockerWith() } });
  for (const engine of ['auto', 'docker']) {
    t.like(await setUp('--dry-run', `--engine=${engine}`), {
      ...{ status: 0, out: '', err: 'debian:trixie-slim: docker/base-image.sh --if-needed\n' },
    });
  }
});

test('Docker without the base image and without a registry: root gets mmdebstrap', async (t) => {
  const scripts = {
    docker: dockerWith(),
    id: 'echo 0',
    'apt-get': 'echo "apt-get $*" >>apt.log',
  };
  const { setUp, folder } = machine(t, { scripts });
  // Stands for the real one: it pulls if it may, and cannot; then it makes.
  const base = `#!/usr/bin/env bash\n[[ $1 == --if-needed ]] && exit 4\necho "made" >&2\n`;
  cpSync(
    join(folderWith(t, { 'base-image.sh': base }), 'base-image.sh'),
    join(folder, 'docker/base-image.sh'),
  );
  chmodSync(join(folder, 'docker/base-image.sh'), 0o755);
  t.like(await setUp(), {
    status: 0,
    out: '',
    err: [
      'Docker has no image debian:trixie-slim yet.',
      'Installing mmdebstrap: it makes the base image without a registry …',
      'made',
      '',
    ].join('\n'),
  });
  t.regex(readFileSync(join(folder, 'apt.log'), 'utf8'), /mmdebstrap debian-archive-keyring\n$/);
});

onLinux('only the toolchains of the languages that are named are made ready', async (t) => {
  const { setUp } = machine(t, { real: ['node', ...ENGINE], scripts: { tcpdump: '' } });
  const missing = async (...words: string[]) =>
    (await setUp('--dry-run', '--engine', 'local', ...words)).err;
  const usual = 'default-jdk-headless (java, javac)\npython3 (python3)\n';
  t.is(await missing(), usual);
  t.is(await missing('--client', 'java', '--server=java@25'), usual.replace(/python3.*\n/, ''));
  t.is(await missing('--client', 'java.channel,java@25'), usual);
  t.is(await missing('--client=python', '--server', 'python'), 'python3 (python3)\n');
  t.regex(await missing('--client', 'all'), /^gcc libc6-dev make \(gcc, make\)$/m);
  // A mistake is for the command that comes after.
  t.is(await missing('--client', 'pyton'), 'python3 (python3)\n');
});
