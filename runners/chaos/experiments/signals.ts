import { ENGINE_NAMES, type EngineName } from '../../engines/engine.ts';
import type { Experiment, Promised } from '../experiment.ts';
import { placeOf } from '../place.ts';
import type { Run } from '../run.ts';

/** Ten cells, four of them at the same time. */
export const TEN_CELLS = [
  ...['hello', 'refused', 'abort', 'crash-server', 'crash-idle'],
  ...['--client', 'python', '--repeat', '2', '--jobs', '4'],
];

export const MOMENTS = {
  early: { moment: 'early: hosts are being made', come: (run: Run) => run.makesHosts() },
  middle: { moment: 'middle: some cells have a result', come: (run: Run) => run.obtains(2) },
  late: {
    moment: 'late: all have one, hosts are being taken away',
    come: (run: Run) => run.obtainsAll(),
  },
} as const;

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGKILL';

const SIGNALS: readonly {
  name: string;
  fault: string;
  signal: Signal;
  send: (run: Run) => void | Promise<void>;
  promise: Promised;
}[] = [
  ...(['SIGINT', 'SIGTERM'] as const).map((signal) => ({
    name: signal.slice(3).toLowerCase(),
    fault: `${signal} to the orchestrator`,
    signal,
    send: (run: Run) => run.signalIfThere(signal),
    promise: {
      ends: [130],
      says: /^interrupted: cleaning up/m,
      whole: false,
      inOrder: 'at once',
    } as const,
  })),
  {
    name: 'int-twice',
    fault: 'SIGINT to the orchestrator, and again',
    signal: 'SIGINT',
    async send(run) {
      run.signalIfThere('SIGINT');
      await run.says(/interrupted/).catch(() => {});
      run.signalIfThere('SIGINT');
    },
    promise: {
      ends: [130],
      says: /again to leave at once/,
      whole: false,
      inOrder: 'after the next start',
    },
  },
  {
    name: 'kill',
    fault: 'SIGKILL to the orchestrator',
    signal: 'SIGKILL',
    send: (run) => run.signalIfThere('SIGKILL'),
    promise: { ends: ['SIGKILL'], whole: false, inOrder: 'after the next start' },
  },
];

export const signals: readonly Experiment[] = ENGINE_NAMES.flatMap((engine: EngineName) =>
  SIGNALS.flatMap(({ name, fault, signal, send, promise }) =>
    Object.entries(MOMENTS).map(([when, { moment, come }]) => ({
      name: `${name}-${when}`,
      ...{ engine, fault, moment, run: TEN_CELLS },
      promise: when === 'late' ? orTooLate(promise, signal) : promise,
      prepare: async () => ({
        place: await placeOf(engine),
        async strike(run: Run) {
          await come(run);
          // A run that has ended before tells by its end whether that was promised.
          await send(run);
        },
      }),
    })),
  ),
);

/**
 * A signal that comes when all is done meets nobody any more: the run is whole. At the very end of its exit
 * Node has given up our handlers, and the signal's own effect is back.
 */
function orTooLate({ says: _, ...promise }: Promised, signal: Signal): Promised {
  if (signal === 'SIGKILL') return promise;
  const ends = [...promise.ends, 0, signal];
  return { ...promise, ends, told: 'interrupted: cleaning up, if it was' };
}
