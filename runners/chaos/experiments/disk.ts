import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JOURNAL, RESULT } from '../../results/recover.ts';
import type { Experiment, Promised } from '../experiment.ts';
import { placeOf } from '../place.ts';
import { Run } from '../run.ts';
import { smallDisk } from '../small-disk.ts';
import { TEN_CELLS } from './signals.ts';

const promise: Promised = {
  ends: [4],
  says: /^The results cannot be kept in .*: (ENOSPC|EFBIG): .*\. Make room there, or name another folder: --results FOLDER$/m,
  whole: false,
  inOrder: 'after the next start',
};

export const disk: readonly Experiment[] = [
  {
    name: 'disk-full-early',
    fault: 'the disk that holds the results is full',
    moment: 'early: before the first cell',
    engine: 'local',
    run: [...TEN_CELLS, '--json'],
    needs: 'root',
    async prepare() {
      const { place, fill, makeRoom } = await smallDisk();
      await fill();
      return { place, strike: async () => {}, mend: makeRoom };
    },
    promise: { ...promise, inOrder: 'at once' },
  },
  ...['--json', '--verbose'].map(
    (how): Experiment => ({
      name: `disk-full-middle${how.slice(1)}`,
      fault: 'the disk that holds the results is full',
      moment: `middle: some cells have a result (${how})`,
      engine: 'local',
      run: [...TEN_CELLS, how],
      needs: 'root',
      async prepare() {
        const { place, fill, makeRoom } = await smallDisk();
        return {
          place,
          async strike(run) {
            await run.obtains(2);
            await fill();
          },
          mend: makeRoom,
        };
      },
      promise,
    }),
  ),
  {
    name: 'disk-full-late',
    fault: 'no file may be so long as the result (ulimit -f)',
    moment: 'late: all cells have a result, run.json is written',
    engine: 'local',
    run: [...TEN_CELLS, '--json'],
    async prepare() {
      const place = await placeOf('local', async () => ({
        enter: ['prlimit', `--fsize=${await betweenJournalAndResult()}:unlimited`],
      }));
      let mended = false;
      return {
        place: {
          ...place,
          get enter() {
            return mended ? [] : place.enter;
          },
        },
        strike: async () => {},
        async mend() {
          mended = true;
        },
      };
    },
    promise,
  },
];

/** So long as the journal of the run is, `run.json` is longer: it is written for people. */
async function betweenJournalAndResult(): Promise<number> {
  const place = await placeOf('local');
  const run = new Run(place, 'chaos-measured', TEN_CELLS);
  try {
    await run.end();
    const journal = (await run.cells()).map((cell) => `${JSON.stringify(cell)}\n`).join('').length;
    const { size } = await stat(join(place.seen, run.name, RESULT));
    if (size < 1.2 * journal) throw new Error(`${RESULT} has ${size} bytes, ${JOURNAL} ${journal}`);
    return Math.round((size + journal) / 2);
  } finally {
    await run.close();
    await place.close();
  }
}
