import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineName } from '../../runners/engines/engine.ts';
import { CACHE } from '../../runners/paths.ts';

const run = promisify(execFile);

/**
 * What a test's runs must not leave behind. Other runs may be under way on the machine, so the test's own
 * are told by a token: in the environment of their processes and in the names of all that they make.
 */
export class Leftovers {
  readonly token = randomBytes(4).toString('hex');
  readonly env = { ...process.env, RESET_LABS_TEST: this.token };
  readonly #engine: EngineName;
  readonly #results: string;

  constructor(engine: EngineName, results: string) {
    this.#engine = engine;
    this.#results = results;
  }

  /** As readable lines; an empty list is what is wanted. */
  async find(): Promise<string[]> {
    const found = await Promise.all([
      processes(this.token),
      traceInstances(this.token),
      partialResults(this.#results),
      files(join(CACHE, 'scratch')),
      this.#engine === 'docker' ? dockerResources(this.token) : [],
    ]);
    return found.flat();
  }
}

async function processes(token: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`RESET_LABS_TEST=${token}`)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    found.push(`process ${pid}: ${command.split('\0').join(' ').trim()}`);
  }
  return found;
}

/** Read in a mount namespace of its own, since tracefs may not be mounted; nothing where we are not root. */
async function traceInstances(token: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const script =
    'cd /sys/kernel/tracing/instances 2>/dev/null || { mount -t tracefs t /sys/kernel/tracing && cd /sys/kernel/tracing/instances; } && ls';
  const { stdout } = await run('unshare', ['--mount', 'bash', '-c', script]);
  return stdout.split('\n').flatMap((name) => (name.includes(token) ? [`trace ${name}`] : []));
}

async function files(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => `file ${join(folder, name)}`);
}

async function partialResults(results: string): Promise<string[]> {
  const names = await readdir(results).catch(() => []);
  return names.flatMap((name) => (/partial|latest\./.test(name) ? [`result ${name}`] : []));
}

async function dockerResources(token: string): Promise<string[]> {
  const label = 'label=reset-labs.run';
  const [containers, networks] = await Promise.all([
    run('docker', ['ps', '--all', '--filter', label, '--format', 'container {{.Names}}']),
    run('docker', ['network', 'ls', '--filter', label, '--format', 'network {{.Name}}']),
  ]);
  return `${containers.stdout}${networks.stdout}`
    .split('\n')
    .filter((line) => line.includes(token));
}

/** A folder for results which the test's end takes away. */
export async function resultsFolder(t: { teardown(undo: () => Promise<void>): void }) {
  const folder = await mkdtemp(join(tmpdir(), 'reset-labs-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
