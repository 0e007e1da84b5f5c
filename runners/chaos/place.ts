import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '../engines/engine.ts';
import { Leftovers } from './leftovers.ts';

/** Where an experiment's runs happen. */
export type Place = {
  readonly engine: EngineName;
  /** The folder for results, as the runs see it. */
  readonly results: string;
  /** The same folder, as it is seen from outside. */
  readonly seen: string;
  /** In front of the command of each run. */
  readonly enter: readonly string[];
  /** What is special in the environment of the runs. */
  readonly env: Readonly<Record<string, string>>;
  readonly leftovers: Leftovers;
  close(): Promise<void>;
};

/** What is special about a place. */
export type Special = Partial<Pick<Place, 'results' | 'seen' | 'enter' | 'env'>>;

/** A place with a folder of its own, which goes with it. */
export async function placeOf(
  engine: EngineName,
  special: (folder: string) => Promise<Special & { close?(): Promise<void> }> = async () => ({}),
): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'reset-labs-chaos-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { close, ...own } = await special(folder);
    const results = join(folder, 'results');
    const place = { engine, results, seen: results, enter: [], env: {}, ...own };
    return {
      ...place,
      leftovers: new Leftovers(engine, place.seen, place.env),
      async close() {
        await close?.();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
