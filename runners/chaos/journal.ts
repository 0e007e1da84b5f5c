import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { JOURNAL } from '../results/recover.ts';
import type { CellResult } from '../results/result.ts';

/**
 * Follows what a run obtains, cell by cell, while it goes on. The file is kept open: it can be read to its
 * end also after the run has taken it away.
 */
export class JournalReader {
  readonly #results: string;
  readonly #name: string;
  #file: FileHandle | undefined;
  #opening: Promise<FileHandle | undefined> | undefined;

  /** @param name the run's */
  constructor(results: string, name: string) {
    this.#results = results;
    this.#name = name;
  }

  /** What has been obtained up to now; a line that is being written does not count. */
  async cells(): Promise<CellResult[]> {
    const file = await this.#opened();
    if (file === undefined) return [];
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as CellResult);
  }

  async close(): Promise<void> {
    await (await this.#opened())?.close();
  }

  /** Opened once, whoever asks. */
  async #opened(): Promise<FileHandle | undefined> {
    this.#opening ??= this.#open();
    this.#file ??= await this.#opening;
    if (this.#file === undefined) this.#opening = undefined;
    return this.#file;
  }

  async #open(): Promise<FileHandle | undefined> {
    const names = await readdir(this.#results).catch(() => []);
    const folder = names.find((name) => name.startsWith(`${this.#name}.`));
    if (folder === undefined) return undefined;
    return await open(join(this.#results, folder, JOURNAL)).catch(() => undefined);
  }
}
