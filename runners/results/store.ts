import { randomBytes } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../paths.ts';
import type { Cell } from '../plan.ts';
import { messageOf, UserError } from '../user-error.ts';
import { FRAME, JOURNAL, RESULT, type Recovered, type RunFrame, recover } from './recover.ts';
import type { CellResult, RunResult } from './result.ts';

/**
 * The folder of one run. It bears a name of its own until the run is whole, so that nobody takes half a
 * run for a result. What has been obtained is written at once: if the run is killed, the next one finds it.
 */
export class Store {
  readonly id: string;
  /** Where the run will be found. */
  readonly folder: string;
  /** What killed runs had obtained. */
  readonly recovered: readonly Recovered[];
  readonly #making: string;
  readonly #results: string;
  #obtained = 0;
  #problem: string | undefined;

  private constructor(results: string, id: string, recovered: readonly Recovered[]) {
    this.id = id;
    this.recovered = recovered;
    this.#results = results;
    this.folder = join(results, id);
    this.#making = join(results, `${id}.${process.pid}.partial`);
  }

  /**
   * Makes the folder; first it brings what killed runs have left of theirs into order.
   *
   * @param name the run's name; its time and a random part where a person gave none
   * @throws UserError where the folder cannot be written or the name is taken
   */
  static async open(results: string, name?: string): Promise<Store> {
    try {
      await mkdir(results, { recursive: true });
      const store = new Store(results, name ?? newId(), await sweep(results));
      if (name !== undefined && (await readdir(results)).includes(name)) {
        throw new UserError(
          `A run named "${name}" is in ${results} already. Choose another --name.`,
        );
      }
      await mkdir(store.#making);
      return store;
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(
        `The results folder ${results} cannot be written: ${messageOf(error)}. Name another: --results FOLDER`,
      );
    }
  }

  /** Why something of this run could not be kept; undefined while all could. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Keeps what is known of the run before its cells happen. */
  begin(frame: RunFrame): Promise<void> {
    return this.#writeWhole(FRAME, JSON.stringify(frame));
  }

  /** Keeps the result of a cell. What could not be kept is told by `problem`. */
  keep(cell: CellResult): Promise<void> {
    if (cell.verdict !== 'not-run') this.#obtained += 1;
    return this.#write(() => appendFile(join(this.#making, JOURNAL), `${JSON.stringify(cell)}\n`));
  }

  /** Keeps a cell's capture; its path is relative to the run's folder, null if it could not be kept. */
  async keepPcap({ id, engine }: Cell, pcap: Buffer): Promise<string | null> {
    const folder = join('cells', engine, id);
    await this.#write(async () => {
      await mkdir(join(this.#making, folder), { recursive: true });
      await writeFile(join(this.#making, folder, 'capture.pcap'), pcap);
    });
    return this.#problem === undefined ? join(folder, 'capture.pcap') : null;
  }

  /** Takes in the captures of another run: its folder `cells`, where it has one. */
  adopt(cells: string): Promise<void> {
    return this.#write(async () => {
      if (await exists(cells)) await cp(cells, join(this.#making, 'cells'), { recursive: true });
    });
  }

  /**
   * Writes `run.json`, gives the folder its name and lets `latest` point to it.
   *
   * @returns whether all that was obtained lies there now
   */
  async finish(result: RunResult): Promise<boolean> {
    await this.#writeWhole(RESULT, `${JSON.stringify(result, null, 2)}\n`);
    await this.#write(async () => {
      for (const name of [JOURNAL, FRAME]) await rm(join(this.#making, name), { force: true });
      await rename(this.#making, this.folder);
      const link = join(this.#results, `latest.${process.pid}`);
      await rm(link, { force: true });
      await symlink(this.id, link);
      await rename(link, join(this.#results, 'latest'));
    });
    return this.#problem === undefined;
  }

  /** Takes the folder away if nothing was obtained; else, if it is not whole, the next run makes it so. */
  async discard(): Promise<void> {
    if (this.#obtained > 0) return;
    await rm(this.#making, { recursive: true, force: true });
  }

  /** Writes a file that is there whole or not at all. */
  #writeWhole(name: string, text: string): Promise<void> {
    const file = join(this.#making, name);
    return this.#write(async () => {
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    });
  }

  /** After the first failure nothing more is written: half a line must be the last. */
  async #write(writing: () => Promise<void>): Promise<void> {
    if (this.#problem !== undefined) return;
    try {
      await writing();
    } catch (error) {
      this.#problem ??= messageOf(error);
    }
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

/** Makes runs of what dead ones had obtained, and takes away the rest of theirs. */
export async function sweep(results: string): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  for (const { name, isAlive } of await halfWritten(results)) {
    // Of runs that start at once, the first takes it for itself.
    const mine = name.replace(/\.\d+(\.partial)?$/, `.${process.pid}$1`);
    if (isAlive || !(await isRenamed(join(results, name), join(results, mine)))) continue;
    const found = await recover(results, mine);
    if (found) recovered.push(found);
    else await rm(join(results, mine), { recursive: true, force: true });
  }
  return recovered;
}

async function isRenamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
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
