import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { until } from '../runners/deadline.ts';
import { inProject } from '../runners/paths.ts';

/** A Docker engine beside that of this machine, see second-docker.sh. */
export type SecondDocker = {
  /** With these, the `docker` command and the docker engine use it, by TCP with TLS on loopback. */
  readonly environment: {
    readonly DOCKER_HOST: string;
    readonly DOCKER_TLS_VERIFY: string;
    readonly DOCKER_CERT_PATH: string;
  };
  /** The path of its socket without TLS. */
  readonly socket: string;
  /** Gives it images of this machine's engine. */
  load(images: readonly string[]): Promise<void>;
  /** Resolves when nothing of it is left. */
  stop(): Promise<void>;
};

/** Starts it. Whatever happens to this process, the engine ends with it. */
export async function startSecondDocker(): Promise<SecondDocker> {
  const folder = await mkdtemp(join(tmpdir(), 'reset-labs-docker-'));
  const engine = spawn(inProject('scripts/second-docker.sh'), [folder], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(engine, 'exit');
  const said = () => readFile(join(folder, 'log'), 'utf8').catch(() => '');
  const stop = async () => {
    engine.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(
      'the second Docker engine (its log says "API listen on")',
      async () => {
        if (engine.exitCode !== null) throw new Error(`it has ended: ${await said()}`);
        return (await said()).includes('API listen on /') || undefined;
      },
      { deadlineMs: 60_000, instead: async () => (await said()).slice(-2_000) },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const port = await readFile(join(folder, 'port'), 'utf8');
  const environment = {
    DOCKER_HOST: `tcp://127.0.0.1:${port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: join(folder, 'client'),
  };
  return {
    environment,
    socket: join(folder, 'docker.sock'),
    load: (images) => copyImages(images, environment),
    stop,
  };
}

async function copyImages(
  images: readonly string[],
  to: SecondDocker['environment'],
): Promise<void> {
  const save = spawn('docker', ['save', ...images], { stdio: ['ignore', 'pipe', 'inherit'] });
  const load = spawn('docker', ['load', '--quiet'], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { ...process.env, ...to },
  });
  const ended = Promise.all([once(save, 'exit'), once(load, 'exit')]);
  await pipeline(save.stdout, load.stdin);
  const statuses = (await ended).map(([status]) => status);
  if (statuses.some((status) => status !== 0)) {
    throw new Error(`docker save, docker load: ${statuses.join(', ')}`);
  }
}

// For scripts/two-engines.sh: prints the environment, loads the images named, stays until its input ends.
if (process.argv[1] && import.meta.filename === process.argv[1]) {
  const docker = await startSecondDocker();
  try {
    await docker.load(process.argv.slice(2));
    const lines = Object.entries(docker.environment).map(([name, value]) => `${name}=${value}\n`);
    process.stdout.write(`${lines.join('')}ready\n`);
    process.stdin.resume();
    await once(process.stdin, 'end');
  } finally {
    await docker.stop();
  }
}
