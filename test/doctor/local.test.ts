import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { loadLanguages } from '../../runners/catalog/load.ts';
import type { EngineChecks } from '../../runners/doctor/check.ts';
import { explain, localChecks } from '../../runners/doctor/local.ts';
import { BASICS, folderOfCommands, setEnvironment } from './_machine.ts';

const languages = await loadLanguages(['usual'], '--client');
const SUDO = process.getuid?.() === 0 ? '' : 'sudo ';

function named({ checks }: EngineChecks, name: string) {
  return checks.find((check) => check.name === name);
}

test.serial('a bare machine: every gap is named, none hides another', async (t) => {
  setEnvironment(t, { PATH: folderOfCommands(t, [...BASICS, 'node']) });
  const result = await localChecks(languages);
  t.false(result.ready);
  t.deepEqual(
    ['local java', 'local node', 'local python'].map((name) => named(result, name)),
    [
      {
        name: 'local java',
        status: 'missing',
        detail: 'Java needs `java`, which is not on the PATH',
        mend: `${SUDO}apt-get install default-jdk-headless`,
      },
      {
        name: 'local node',
        status: 'ok',
        detail: `Node.js ${process.versions.node}`,
        mend: null,
      },
      {
        name: 'local python',
        status: 'missing',
        detail: 'Python needs `python3`, which is not on the PATH',
        mend: `${SUDO}apt-get install python3`,
      },
    ],
  );
  t.is(named(result, 'local hosts')?.status, 'missing');
  t.regex(named(result, 'local hosts')?.detail ?? '', /^not on the PATH: `unshare`/);
  t.regex(named(result, 'local hosts')?.mend ?? '', /apt-get install util-linux/);
  t.like(named(result, 'local packets'), {
    status: 'missing',
    detail: 'tcpdump is not on the PATH',
    mend: `${SUDO}apt-get install tcpdump`,
  });
});

test.serial(
  'namespaces are forbidden: the engine says so, the toolchains are told too',
  async (t) => {
    const real = [...BASICS, 'node', 'ip', 'mount', 'nsenter', 'setpriv', 'taskset'];
    const scripts = { unshare: 'echo "unshare: Operation not permitted" >&2; exit 1' };
    setEnvironment(t, { PATH: folderOfCommands(t, real, scripts) });
    const result = await localChecks(languages);
    t.false(result.ready);
    const hosts = named(result, 'local hosts');
    t.is(hosts?.status, 'missing');
    t.regex(
      hosts?.detail ?? '',
      /^The local engine cannot make a network namespace here \(unshare: Operation not permitted\): /,
    );
    t.notRegex(hosts?.detail ?? '', /--engine docker/, 'the mend says it');
    t.truthy(hosts?.mend);
    t.is(named(result, 'local packets')?.status, 'missing');
    t.is(named(result, 'local kernel trace')?.status, 'optional');
    t.is(named(result, 'local node')?.status, 'ok');
    t.is(named(result, 'local java')?.status, 'missing');
  },
);

test.serial('what only some labs need is optional, and has its mend', async (t) => {
  setEnvironment(t, { PATH: folderOfCommands(t, [...BASICS, 'node']) });
  t.deepEqual(named(await localChecks(languages), 'local ss'), {
    name: 'local ss',
    status: 'optional',
    detail: 'not on the PATH: labs that need it do not run',
    mend: `${SUDO}apt-get install iproute2`,
  });

  const scripts = { nft: '', conntrack: '', ss: '', haproxy: '' };
  const folder = folderOfCommands(t, [...BASICS, 'node'], scripts);
  setEnvironment(t, { PATH: folder });
  const result = await localChecks(languages);
  for (const tool of Object.keys(scripts)) {
    t.like(named(result, `local ${tool}`), { status: 'ok', detail: join(folder, tool) });
  }
});

test.serial('a limit of memory is tried, and nothing of the trial stays', async (t) => {
  const memory = named(await localChecks(languages), 'local memory limit');
  if (process.getuid?.() !== 0) {
    t.like(memory, { status: 'optional' });
    t.regex(memory?.detail ?? '', /^a memory limit needs root: /);
    return;
  }
  t.regex(memory?.status ?? '', /^(ok|optional)$/);
  const own = `reset-labs.doctor-${process.pid}.`;
  for (const folder of ['/sys/fs/cgroup', '/sys/fs/cgroup/memory']) {
    const groups = await readdir(folder).catch(() => []);
    t.deepEqual(
      groups.filter((group) => group.startsWith(own)),
      [],
    );
  }
});

test('the mend of hosts is the first command that their message names', (t) => {
  const message = (mend: string) =>
    `The local engine cannot make a network namespace here (x): ${mend} Or use --engine docker.`;
  const sysctl = 'sudo sysctl -w user.max_user_namespaces=10000';
  const docker = 'docker run --security-opt seccomp=unconfined';
  t.is(explain(message(`it is 0. Run \`${sysctl}\`, or run as root.`)).mend, sysctl);
  t.deepEqual(explain(message(`start it with \`${docker}\`. Run \`${sysctl}\` on its host.`)), {
    detail: message(`start it with \`${docker}\`. Run \`${sysctl}\` on its host.`).replace(
      ' Or use --engine docker.',
      '',
    ),
    mend: docker,
  });
  t.is(explain(message('a security module forbids it.')).mend, 'npm run lab -- --engine docker');
});
