import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cell } from '../plan.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { RunResult } from './result.ts';

/**
 * The folder of one run. It bears a name of its own until the run is whole, so that nobody takes half a
 * run for a result.
 */
export class Store {
  readonly id: string;
  /** Where the run will be found. */
  readonly folder: string;
  readonly #making: string;
  readonly #results: string;

  private constructor(results: string, id: string) {
    this.id = id;
    this.#results = results;
    this.folder = join(results, id);
    this.#making = join(results, `${id}.${process.pid}.partial`);
  }

  /**
   * Makes the folder, and takes away what killed runs have left of theirs.
   *
   * @param name the run's name; its time and a random part where a person gave none
   * @throws UserError where the folder cannot be written or the name is taken
   */
  static async open(results: string, name?: string): Promise<Store> {
    const store = new Store(results, name ?? newId());
    try {
      await mkdir(results, { recursive: true });
      await sweep(results);
      if (name !== undefined && (await readdir(results)).includes(name)) {
        throw new UserError(
          `A run named "${name}" is in ${results} already. Choose another --name.`,
        );
      }
      await mkdir(store.#making);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(
        `The results folder ${results} cannot be written: ${messageOf(error)}. Name another: --results FOLDER`,
      );
    }
    return store;
  }

  /** Keeps a cell's capture; its path is relative to the run's folder. */
  async keepPcap({ id }: Cell, pcap: Buffer): Promise<string> {
    const folder = join('cells', id);
    await mkdir(join(this.#making, folder), { recursive: true });
    await writeFile(join(this.#making, folder, 'capture.pcap'), pcap);
    return join(folder, 'capture.pcap');
  }

  /** Writes `run.json`, gives the folder its name and lets `latest` point to it. */
  async finish(result: RunResult): Promise<void> {
    await writeFile(join(this.#making, 'run.json'), `${JSON.stringify(result, null, 2)}\n`);
    await rename(this.#making, this.folder);
    const link = join(this.#results, `latest.${process.pid}`);
    await rm(link, { force: true });
    await symlink(this.id, link);
    await rename(link, join(this.#results, 'latest'));
  }

  /** Takes the folder away: there is no result. */
  async discard(): Promise<void> {
    await rm(this.#making, { recursive: true, force: true });
  }
}

/** `2026-11-21T09-00-00-1a2b3c`: sorts by time, is a good folder name. */
function newId(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return `${time}-${randomBytes(3).toString('hex')}`;
}

/** What runs are writing, or have left half written: the names bear the process that does. */
export async function halfWritten(
  results: string,
): Promise<{ name: string; pid: number; isAlive: boolean }[]> {
  const names = await readdir(results).catch(() => []);
  return names.flatMap((name) => {
    const owner = /\.(\d+)\.partial$/.exec(name) ?? /^latest\.(\d+)$/.exec(name);
    const pid = Number(owner?.[1]);
    return owner === null ? [] : { name, pid, isAlive: isAlive(pid) };
  });
}

async function sweep(results: string): Promise<void> {
  for (const { name, isAlive } of await halfWritten(results)) {
    if (!isAlive) await rm(join(results, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
