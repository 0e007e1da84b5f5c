import { readdir, readFile } from 'node:fs/promises';
import test from 'ava';
import type { Check, Diagnosis } from '../../runners/doctor/check.ts';
import { dockerAnswers } from '../../runners/engines/docker/docker-answers.ts';
import { isUnavailable } from '../../runners/engines/unavailable.ts';
import { cli, type Ended, run } from '../commands/_run.ts';
import { BASICS, folderOfCommands, NO_DOCKER } from './_machine.ts';

const SUDO = process.getuid?.() === 0 ? '' : 'sudo ';

function shapeOf({ out }: Ended): Diagnosis {
  return JSON.parse(out) as Diagnosis;
}

test('nothing is there: each gap has its mend, and the status is 4', async (t) => {
  const PATH = folderOfCommands(t, [...BASICS, 'ip']);
  const env = { PATH, DOCKER_HOST: NO_DOCKER };
  const ended = await cli(['doctor', '--json'], { env });
  t.is(ended.status, 4);
  t.is(ended.err, '');
  const { ready, engines, checks } = shapeOf(ended);
  t.false(ready);
  t.deepEqual(engines, { local: { ready: false }, docker: { ready: false } });
  t.deepEqual(
    checks.filter(({ status }) => status === 'missing'),
    [
      {
        name: 'local hosts',
        status: 'missing',
        detail: 'not on the PATH: `unshare`, `nsenter`, `setpriv`, `taskset`, `mount`',
        mend: `${SUDO}apt-get install util-linux mount`,
      },
      {
        name: 'local packets',
        status: 'missing',
        detail: 'tcpdump is not on the PATH',
        mend: `${SUDO}apt-get install tcpdump`,
      },
      {
        name: 'local java',
        status: 'missing',
        detail: 'Java needs `java`, which is not on the PATH',
        mend: `${SUDO}apt-get install default-jdk-headless`,
      },
      {
        name: 'local node',
        status: 'missing',
        detail: 'Node.js needs `node`, which is not on the PATH',
        mend: `${SUDO}apt-get install nodejs`,
      },
      {
        name: 'local python',
        status: 'missing',
        detail: 'Python needs `python3`, which is not on the PATH',
        mend: `${SUDO}apt-get install python3`,
      },
      {
        name: 'docker API',
        status: 'missing',
        detail: `Docker is not running at ${NO_DOCKER}`,
        mend: 'systemctl start docker, or start Docker Desktop',
      },
    ],
  );
});

test('--engine looks at one engine only', async (t) => {
  const ended = await cli(['doctor', '--json', '--engine', 'docker'], {
    env: { DOCKER_HOST: NO_DOCKER },
  });
  t.is(ended.status, 4);
  const { engines, checks } = shapeOf(ended);
  t.deepEqual(engines, { docker: { ready: false } });
  t.deepEqual(
    checks.map(({ name }) => name),
    ['node', 'kernel', 'docker API'],
  );
});

test('an engine that is not known is a usage error', async (t) => {
  const { status, out, err } = await cli(['doctor', '--engine', 'podman']);
  t.is(status, 2);
  t.is(out, '');
  t.regex(err, /Allowed choices are auto, local, docker\.\nHelp: npm run doctor -- --help\n$/);
});

test('this machine: one JSON object of the documented shape, and nothing is left behind', async (t) => {
  const ended = await cli(['doctor', '--json']);
  const { ready, engines, checks, ...rest } = shapeOf(ended);
  t.deepEqual(rest, {});
  t.is(ended.err, '');
  t.is(ended.out.split('\n').length, 2, 'one line');
  t.is(ended.status, ready ? 0 : 4);
  t.is(
    ready,
    Object.values(engines).some((engine) => engine.ready),
  );
  t.is(new Set(checks.map(({ name }) => name)).size, checks.length, 'names are unique');
  for (const check of checks) t.true(isCheck(check), JSON.stringify(check));
  t.deepEqual(await leftBy(ended.pid), []);
});

test('this machine: the table says the same', async (t) => {
  const { status, out } = await cli(['doctor', '--engine', 'local']);
  t.regex(out, /^ {2}✔ node +Node\.js /);
  t.regex(out, status === 0 ? /\n {2}ready: .*the local engine\n$/ : /\n {2}not ready: .*\n$/);
});

function isCheck(check: Check): boolean {
  const { name, status, detail, mend, ...rest } = check;
  return (
    Object.keys(rest).length === 0 &&
    name !== '' &&
    detail !== '' &&
    ['ok', 'missing', 'optional'].includes(status) &&
    (status === 'ok' ? mend === null : mend === null || mend !== '')
  );
}

/** Processes and containers of a doctor that has ended: they bear its process id. */
async function leftBy(pid: number): Promise<string[]> {
  const left: string[] = [];
  for (const other of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${other}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(`doctor-${pid}`)) left.push(command);
  }
  if (isUnavailable(await dockerAnswers())) return left;
  const filter = ['--filter', `label=reset-labs.run=doctor-${pid}`, '--quiet'];
  const containers = await run('docker', ['ps', '--all', ...filter]);
  const networks = await run('docker', ['network', 'ls', ...filter]);
  return [...left, ...`${containers.out}${networks.out}`.split('\n').filter((line) => line !== '')];
}
