// What a run can leave behind on this machine. Other runs may be under way, so one's own are told by a mark.
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineName } from '../engines/engine.ts';
import { CACHE } from '../paths.ts';

const run = promisify(execFile);

/**
 * What runs must not leave behind: their token is in the environment of their processes and in the names of
 * all that they make.
 */
export class Leftovers {
  readonly token = randomBytes(4).toString('hex');
  readonly env: NodeJS.ProcessEnv;
  readonly #engine: EngineName;
  readonly #results: string;

  /** @param environment the runs', as far as it is not this process's */
  constructor(engine: EngineName, results: string, environment: NodeJS.ProcessEnv = {}) {
    this.#engine = engine;
    this.#results = results;
    this.env = { ...process.env, ...environment, RESET_LABS_TEST: this.token };
  }

  /** As readable lines; an empty list is what is wanted. */
  async find(): Promise<string[]> {
    const found = await Promise.all([
      processesWith(this.token),
      traceInstances(this.token),
      partialResults(this.#results),
      files(join(CACHE, 'scratch')),
      this.#engine === 'docker' ? this.#dockerResources() : [],
    ]);
    return found.flat();
  }

  async #dockerResources(): Promise<string[]> {
    const { env } = this;
    const label = 'label=reset-labs.run';
    const containers = ['ps', '--all', '--filter', label, '--format', 'container {{.Names}}'];
    const networks = ['network', 'ls', '--filter', label, '--format', 'network {{.Name}}'];
    const list = (words: string[]) => run('docker', words, { env, timeout: 5_000 });
    try {
      const lists = await Promise.all([containers, networks].map(list));
      const lines = lists.flatMap(({ stdout }) => stdout.split('\n'));
      return lines.filter((line) => line.includes(this.token));
    } catch {
      return ['engine that does not answer'];
    }
  }
}

/** The processes that have inherited a mark: all descendants of one child. Namespaces go with the last. */
export function processesWith(mark: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`).includes(`RESET_LABS_TEST=${mark}`)) return [];
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return [];
    }
  });
}

/** The trace instances whose names have a part; read in a mount namespace, since tracefs may not be mounted. */
export function traceInstances(name: string): string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  const script =
    '[[ -e $0/trace_pipe ]] || mount -t tracefs nodev "$0" 2>/dev/null; ls "$0/instances" 2>/dev/null';
  const list = ['--mount', 'bash', '-c', `${script}; true`, '/sys/kernel/tracing'];
  const instances = execFileSync('unshare', list, { encoding: 'utf8' }).split('\n');
  return instances.filter((instance) => instance.includes(name));
}

/** Halves of results in a folder. */
export function partialResults(results: string): string[] {
  if (!existsSync(results)) return [];
  return readdirSync(results).filter((entry) => /\.partial$|^latest\./.test(entry));
}

async function files(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => `file ${join(folder, name)}`);
}
