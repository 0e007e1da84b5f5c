import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineName } from '../../runners/engines/engine.ts';
import { CACHE } from '../../runners/paths.ts';
import { partialResults, processesWith, traceInstances } from '../_left.ts';

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
      processesWith(this.token),
      traceInstances(this.token),
      partialResults(this.#results),
      files(join(CACHE, 'scratch')),
      this.#engine === 'docker' ? dockerResources(this.token) : [],
    ]);
    return found.flat();
  }
}

async function files(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => `file ${join(folder, name)}`);
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
