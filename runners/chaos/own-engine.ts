import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type SecondDocker, startSecondDocker } from '../../scripts/second-docker.ts';
import { loadLanguages } from '../catalog/load.ts';
import { until } from '../deadline.ts';
import { buildImages } from '../engines/docker/images.ts';
import { allProcesses, eldest, type Process, stop } from './processes.ts';

const run = promisify(execFile);

/** Another name of the image that is removed. */
const SPARE = 'reset-labs-chaos/spare';

/** A Docker engine that can be killed, since nobody else uses it. Needs root. */
export class OwnEngine {
  /** With it, runs and the `docker` command use this engine. */
  readonly env: { readonly DOCKER_HOST: string };
  readonly #folder: string;
  readonly #second: SecondDocker;
  readonly #images: readonly string[];

  private constructor(second: SecondDocker, images: readonly string[]) {
    this.#second = second;
    this.#images = images;
    this.#folder = dirname(second.socket);
    this.env = { DOCKER_HOST: `unix://${second.socket}` };
  }

  /** Starts one that has the images of Python and of the tools. */
  static async start(): Promise<OwnEngine> {
    const python = await loadLanguages(['python'], '--client');
    const images = await buildImages(python, () => {});
    const engine = new OwnEngine(await startSecondDocker(), images);
    try {
      await run('mkfifo', [join(engine.#folder, 'again')]);
      await engine.#second.load(images);
      await engine.#docker('tag', images[0] ?? '', SPARE);
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** Takes away the image of the language's programs, as far as its name goes; containers that run keep it. */
  async removeImage(): Promise<void> {
    await this.#docker('rmi', '--force', this.#images[0] ?? '');
  }

  async bringImageBack(): Promise<void> {
    await this.#docker('tag', SPARE, this.#images[0] ?? '');
  }

  kill(): void {
    process.kill(this.#pid(), 'SIGKILL');
  }

  async startAgain(): Promise<void> {
    // Open for both, a FIFO waits for no reader; what was written is lost with the last that has it open.
    const again = await open(join(this.#folder, 'again'), 'r+');
    try {
      await again.write('\n');
      await this.#answers();
    } finally {
      await again.close();
    }
  }

  async freeze(): Promise<void> {
    await stop(this.#pid());
  }

  async resume(): Promise<void> {
    process.kill(this.#pid(), 'SIGCONT');
    await this.#answers();
  }

  close(): Promise<void> {
    return this.#second.stop();
  }

  async #answers(): Promise<void> {
    const answers = () =>
      this.#docker('version').then(
        () => true,
        () => undefined,
      );
    await until('the answer of the Docker engine', answers, { deadlineMs: 60_000 });
  }

  #pid(): number {
    const found = engineAmong(allProcesses(), this.#folder);
    if (found === undefined) throw new Error('the Docker engine of the experiment does not run');
    return found.pid;
  }

  async #docker(...words: string[]): Promise<void> {
    await run('docker', words, { env: { ...process.env, ...this.env }, timeout: 10_000 });
  }
}

/**
 * The Docker engine that has its data in a folder. It executes itself for work in namespaces, by other names
 * (`libnetwork-setkey`), and what it starts is a copy of it for a moment: both may have the lower number.
 */
export function engineAmong(processes: readonly Process[], folder: string): Process | undefined {
  return eldest(
    processes.filter(
      ({ executes, command }) =>
        executes === 'dockerd' && command.startsWith('dockerd ') && command.includes(`${folder}/`),
    ),
  );
}

let engine: Promise<OwnEngine> | undefined;

/** The one engine of all experiments. */
export function ownEngine(): Promise<OwnEngine> {
  engine ??= OwnEngine.start();
  return engine;
}

/** Ends it, if it was started. */
export async function closeOwnEngine(): Promise<void> {
  const started = await engine?.catch(() => undefined);
  engine = undefined;
  await started?.close();
}
