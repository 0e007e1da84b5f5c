import { setTimeout as after } from 'node:timers/promises';
import type { Experiment, Promised, Scene } from '../experiment.ts';
import { type OwnEngine, ownEngine } from '../own-engine.ts';
import { placeOf } from '../place.ts';
import type { Run } from '../run.ts';
import { MOMENTS, TEN_CELLS } from './signals.ts';

/** Short, since what a frozen engine is waited for does not come. */
const PATIENCE_MS = 6_000;

const IMPATIENT = { RESET_LABS_PATIENCE_MS: String(PATIENCE_MS) };

type Fault = Pick<Experiment, 'name' | 'fault' | 'moment' | 'promise'> & {
  readonly run?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly come: (run: Run) => Promise<void>;
  readonly strike: (engine: OwnEngine) => Promise<void> | void;
  readonly mend?: (engine: OwnEngine) => Promise<void> | void;
};

const GONE: Promised = {
  ends: [4],
  says: /^Docker is not running at unix:.*: systemctl start docker, or start Docker Desktop\.$/m,
  whole: false,
  inOrder: 'after the next start',
};

/** Cells whose containers were lost, or did not answer, are no longer decided. */
const LOST: NonNullable<Promised['met']> = {
  cells: [0, 10],
  verdicts: ['unknown'],
  reason: /has ended|did not come within|silent for|ECONN|socket hang up|Docker/,
};

const FAULTS: readonly Fault[] = [
  ...Object.entries(MOMENTS).map(([when, moment]) => ({
    name: `engine-killed-${when}`,
    fault: 'SIGKILL to the Docker engine',
    ...moment,
    strike: (engine: OwnEngine) => engine.kill(),
    mend: (engine: OwnEngine) => engine.startAgain(),
    promise:
      when === 'late'
        ? {
            ...GONE,
            told: 'Something that the run made in the docker engine is left (…). The next run takes it away: npm run lab hello -- --engine docker',
            says: /^Something that the run made in the docker engine is left .*The next run takes it away/m,
          }
        : { ...GONE, met: LOST },
  })),
  {
    name: 'engine-restarted',
    fault: 'SIGKILL to the Docker engine, and started again at once',
    ...MOMENTS.middle,
    async strike(engine) {
      engine.kill();
      await engine.startAgain();
    },
    promise: {
      told: 'a cell whose containers were lost is unknown; while it is away: Docker is not running',
      ends: [3, 4],
      met: { ...LOST, cells: [0, 10] },
      whole: false,
      inOrder: 'after the next start',
    },
  },
  {
    name: 'engine-frozen',
    fault: 'SIGSTOP to the Docker engine, SIGCONT after longer than any host is waited for',
    ...MOMENTS.middle,
    env: IMPATIENT,
    async strike(engine) {
      await engine.freeze();
      // That time passes is the fault.
      await after(PATIENCE_MS + 2_000);
      await engine.resume();
    },
    promise: {
      told: 'a cell whose containers were silent for too long is unknown, with its reason',
      ends: [0, 3, 4],
      met: LOST,
      whole: false,
      inOrder: 'after the next start',
    },
  },
  {
    name: 'engine-frozen-for-good',
    fault: 'SIGSTOP to the Docker engine, for good',
    ...MOMENTS.middle,
    env: { RESET_LABS_PATIENCE_MS: '3000' },
    strike: (engine) => engine.freeze(),
    mend: (engine) => engine.resume(),
    promise: {
      ...GONE,
      says: /^Docker does not answer at unix:.*: systemctl restart docker\.$/m,
      met: LOST,
    },
  },
  {
    name: 'image-removed',
    fault: "the image of a language's programs is removed",
    ...MOMENTS.middle,
    // One after the other, so that the hosts of the last are made when it has gone.
    run: ['hello', 'refused', 'abort', 'firewall-reset', '--client', 'python', '--jobs', '1'],
    strike: (engine) => engine.removeImage(),
    mend: (engine) => engine.bringImageBack(),
    promise: {
      ends: [4],
      says: /The image reset-labs\/python:\w+ was removed.*npm run images/,
      whole: false,
      inOrder: 'at once',
    },
  },
];

export const docker: readonly Experiment[] = FAULTS.map(
  ({ run = TEN_CELLS, env = {}, come, strike, mend, ...told }) => ({
    ...told,
    engine: 'docker',
    needs: 'own engine',
    run,
    async prepare(): Promise<Scene> {
      const engine = await ownEngine();
      return {
        place: await placeOf('docker', async () => ({ env: { ...engine.env, ...env } })),
        async strike(started) {
          await come(started);
          await strike(engine);
        },
        async mend() {
          await mend?.(engine);
        },
      };
    },
  }),
);
