import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { dockerAnswers } from '../../../runners/engines/docker/docker-answers.ts';
import { connectDocker } from '../../../runners/engines/docker/docker-client.ts';
import { buildImages } from '../../../runners/engines/docker/images.ts';
import { isUnavailable } from '../../../runners/engines/unavailable.ts';
import { messageOf } from '../../../runners/user-error.ts';
import { type SecondDocker, startSecondDocker } from '../../../scripts/second-docker.ts';
import { folderWith } from '../../_folder.ts';
import { lab, labJson, told } from '../../_lab.ts';
import { python } from './_docker.ts';

/*
 * A second Docker engine, with TLS, in a network namespace of its own: what is not asked of it by its API,
 * but of this machine, goes wrong here.
 */

const lacking = await lacks();
const isRequired = (process.env.RESET_LABS_REQUIRE_ENGINES ?? '').split(',').includes('docker');
let second: SecondDocker;

async function lacks(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'a second engine needs root';
  const path = `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  const commands = ['dockerd', 'docker', 'openssl', 'python3', 'unshare', 'ip'];
  const missing = commands.filter((name) => !path.some((folder) => existsSync(join(folder, name))));
  if (missing.length > 0) return `not on the PATH: ${missing.join(', ')}`;
  const answer = await dockerAnswers();
  return isUnavailable(answer) ? answer.unavailable : undefined;
}

function remoteTest(title: string, body: (t: ExecutionContext) => Promise<void>): void {
  if (lacking === undefined) test.serial(title, body);
  else if (isRequired) test.serial(title, (t) => t.fail(lacking));
  else test.serial.skip(`${title} (${lacking})`, body);
}

test.before(async (t) => {
  if (lacking !== undefined) return;
  t.timeout(300_000);
  const [images] = await Promise.all([
    buildImages([await python()], (line) => t.log(line)),
    startSecondDocker().then((started) => (second = started)),
  ]);
  await second.load(images);
});

test.after.always(async () => second?.stop());

type Settings = Readonly<Record<string, string | undefined>>;

/** Does something while the environment of this process is another. */
async function within<T>(settings: Settings, act: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  const set = (values: Settings) => {
    for (const name of Object.keys(settings)) {
      if (values[name] === undefined) delete process.env[name];
      else process.env[name] = values[name];
    }
  };
  set(settings);
  try {
    return await act();
  } finally {
    set(before);
  }
}

/** What the connection to an engine says: its title, or why there is none. */
function connection(settings: Settings): Promise<string> {
  return within(settings, () => connectDocker().then(({ version }) => version.title, messageOf));
}

/** Runs a lab, which passes: in the second engine, and nowhere else. */
async function passesThere(t: ExecutionContext, env: Settings): Promise<void> {
  const since = Math.floor(Date.now() / 1000);
  const languages = ['--client', 'python', '--server', 'python'];
  const { run, name } = await labJson(t, ['crash-server', ...languages, '--engine', 'docker'], {
    env,
  });
  t.deepEqual(
    run.cells.map(({ verdict }) => verdict),
    ['pass'],
    told(run.cells).join('\n'),
  );
  t.like(run.cells[0]?.evidence, { program: 'agrees', packets: 'agrees' });
  const there = await within(env, () => inEngine(name, since));
  t.true(there.made.some((one) => one.includes(name)));
  t.deepEqual(there.left, []);
  const here = await inEngine(name, since);
  t.deepEqual([here.made, here.left], [[], []]);
}

/** The containers and networks that an engine has of a run, and the containers that it ever had. */
async function inEngine(
  run: string,
  since: number,
): Promise<{ readonly left: readonly string[]; readonly made: readonly string[] }> {
  const { docker } = await connectDocker();
  const label = [`reset-labs.run=${run}`];
  const [containers, networks, events] = await Promise.all([
    docker.listContainers({ all: true, filters: { label } }),
    docker.listNetworks({ filters: { label } }),
    docker.getEvents({
      since,
      until: Math.floor(Date.now() / 1000) + 1,
      filters: { label, type: ['container'], event: ['create'] },
    }),
  ]);
  const lines = (await text(events)).split('\n').filter((line) => line !== '');
  return {
    left: [...containers.map(({ Names }) => Names.join()), ...networks.map((one) => one.Name)],
    made: lines.map((line) => String(JSON.parse(line).Actor.Attributes.name)),
  };
}

remoteTest('a lab passes in an engine that is reached by TCP with TLS', async (t) => {
  await passesThere(t, second.environment);
});

remoteTest('a lab passes in an engine that is reached by a context with TLS', async (t) => {
  const folder = folderWith(t);
  const { DOCKER_HOST: host, DOCKER_CERT_PATH: certificates } = second.environment;
  const pem = ['ca', 'cert', 'key'].map((name) => `${name}=${join(certificates, `${name}.pem`)}`);
  const command = (...words: string[]) => {
    execFileSync('docker', ['--config', folder, 'context', ...words], { stdio: 'pipe' });
  };
  command('create', 'elsewhere', '--docker', [`host=${host}`, ...pem].join());
  command('create', 'unverified', '--docker', `host=${host},skip-tls-verify=true,${pem.slice(1)}`);
  command('use', 'elsewhere');
  const config = { DOCKER_CONFIG: folder, DOCKER_HOST: undefined };
  await passesThere(t, config);
  t.regex(await connection({ ...config, DOCKER_CONTEXT: 'unverified' }), /^docker \d/);
});

remoteTest('a certificate of another CA is refused, on either side', async (t) => {
  const folder = folderWith(t);
  const { DOCKER_CERT_PATH: certificates } = second.environment;
  const name = ['-subj', '/CN=another CA', '-keyout', 'key.pem', '-out', 'cert.pem'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...key, ...name], { cwd: folder, stdio: 'pipe' });

  copyFileSync(join(certificates, 'ca.pem'), join(folder, 'ca.pem'));
  const env = { ...second.environment, DOCKER_CERT_PATH: folder };
  t.regex(await connection(env), /refuses the certificate of its client .*see that cert\.pem/);

  copyFileSync(join(folder, 'cert.pem'), join(folder, 'ca.pem'));
  const ran = await lab(t, ['crash-server', '--engine', 'docker'], { env });
  t.is(ran.status, 4);
  t.regex(ran.stderr, /The certificate of Docker at tcp:.* is not trusted .*see that ca\.pem/);
  t.is(ran.stdout, '');
});

remoteTest('without a certificate of its own, or without TLS, a client is refused', async (t) => {
  const { DOCKER_CERT_PATH: certificates } = second.environment;
  const folder = folderWith(t, { 'ca.pem': readFileSync(join(certificates, 'ca.pem'), 'utf8') });
  const env = { ...second.environment, DOCKER_CERT_PATH: folder };
  t.regex(await connection(env), /wants a certificate of its client .*put cert\.pem and key\.pem/);
  const plain = { ...env, DOCKER_TLS_VERIFY: undefined };
  t.regex(await connection(plain), /speaks TLS only: set DOCKER_TLS_VERIFY=1/);
});

/** A folder whose `ssh` keeps its arguments in `log`, then does as told. */
function folderWithSsh(t: ExecutionContext, does: string): { env: Settings; log: string } {
  const folder = folderWith(t, { ssh: '' });
  const log = join(folder, 'log');
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >>'${log}'\n${does}\n`;
  execFileSync('tee', [join(folder, 'ssh')], { input: script, stdio: ['pipe', 'ignore', 'pipe'] });
  chmodSync(join(folder, 'ssh'), 0o755);
  const env = {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    DOCKER_HOST: 'ssh://somebody@elsewhere:2222',
  };
  return { env, log };
}

remoteTest('a lab passes in an engine that is reached by SSH', async (t) => {
  const there = `exec docker --host 'unix://${second.socket}' system dial-stdio`;
  const { env, log } = folderWithSsh(t, there);
  await passesThere(t, env);
  const words = new Set(readFileSync(log, 'utf8').trim().split('\n'));
  const login = '-l somebody -p 2222 -- elsewhere';
  t.deepEqual([...words], [`-T -o BatchMode=yes ${login} docker system dial-stdio`]);
});

remoteTest('an SSH connection that is refused says why', async (t) => {
  const refuses = 'echo "somebody@elsewhere: Permission denied (publickey)." >&2; exit 255';
  const { env } = folderWithSsh(t, refuses);
  const ran = await lab(t, ['crash-server', '--engine', 'docker'], { env });
  t.is(ran.status, 4);
  t.regex(ran.stderr, /ssh:\/\/somebody@elsewhere:2222 \(.*Permission denied \(publickey\)\.\)/);
  t.regex(ran.stderr, /`ssh -p 2222 somebody@elsewhere docker version`/);
});
