import { setTimeout as after } from 'node:timers/promises';
import type { Experiment, Promised } from '../experiment.ts';
import { placeOf } from '../place.ts';
import { type IsIt, isAgent } from '../processes.ts';
import type { Run } from '../run.ts';

const PATIENCE_MS = 5_000;

/** One cell after the other, so that the fault meets one and the next ones show what it has left. */
const JAVA_TO_PYTHON = ['crash-server', '--client', 'java', '--server', 'python'];
const ONE_BY_ONE = ['--repeat', '3', '--jobs', '1'];
const THREE_CELLS = [...JAVA_TO_PYTHON, ...ONE_BY_ONE];

type Frozen = {
  readonly name: string;
  readonly what: string;
  readonly moment: string;
  readonly run?: readonly string[];
  readonly isIt: IsIt;
  readonly told?: string;
  readonly met: NonNullable<Promised['met']>;
};

const FROZEN: readonly Frozen[] = [
  {
    name: 'client',
    what: "a client's program",
    moment: 'as it starts',
    isIt: ({ executes }) => executes === 'java',
    told: 'the step, or the end, of the client did not come within 5 s',
    met: { cells: [1, 1], verdicts: ['fail'], reason: /of the client did not come within 5 s/ },
  },
  {
    name: 'server',
    what: "a server's program",
    moment: 'as it starts',
    run: ['crash-server', '--client', 'python', '--server', 'java', ...ONE_BY_ONE],
    isIt: ({ executes }) => executes === 'java',
    met: { cells: [1, 1], verdicts: ['fail'], reason: /of the server did not come within 5 s/ },
  },
  {
    name: 'agent',
    what: 'the agent of a host',
    moment: 'while a program of its starts',
    isIt: (one, all) => isAgent(one, all) && all.some(({ executes }) => executes === 'java'),
    told: 'the answer of the host did not come within 5 s',
    met: {
      cells: [1, 1],
      verdicts: ['unknown'],
      reason: /did not come within 5 s/,
    },
  },
  {
    name: 'tcpdump',
    what: '`tcpdump`',
    moment: 'while a client starts',
    isIt: ({ executes }, all) =>
      executes === 'tcpdump' && all.some((other) => other.executes === 'java'),
    met: {
      cells: [1, 1],
      verdicts: ['unknown'],
      reason: /^the packets were lost: the mark in the capture did not come within 5 s/,
    },
  },
];

export const frozen: readonly Experiment[] = [
  ...FROZEN.map(
    ({ name, what, moment, run = THREE_CELLS, isIt, told, met }): Experiment => ({
      name: `frozen-${name}`,
      fault: `SIGSTOP to ${what}`,
      moment: `middle: ${moment}`,
      engine: 'local',
      run,
      async prepare() {
        return {
          place: await placeOf('local', async () => ({ env: patience(PATIENCE_MS) })),
          async strike(started) {
            await started.stops(what, isIt);
          },
        };
      },
      promise: {
        ends: [met.verdicts.includes('fail') ? 1 : 3],
        ...(told === undefined ? {} : { told }),
        met,
        whole: true,
        inOrder: 'at once',
      },
    }),
  ),
  {
    name: 'frozen-orchestrator',
    fault: 'SIGSTOP to the orchestrator, SIGCONT after longer than it waits for anything',
    moment: 'middle: some cells have a result',
    engine: 'local',
    run: [...JAVA_TO_PYTHON, 'hello', 'refused', '--repeat', '2', '--jobs', '2'],
    async prepare() {
      return {
        place: await placeOf('local', async () => ({ env: patience(PATIENCE_MS) })),
        async strike(run) {
          await run.obtains(1);
          await freeze(run, PATIENCE_MS + 2_000);
        },
      };
    },
    promise: { ends: [0], whole: true, inOrder: 'at once' },
  },
];

function patience(ms: number) {
  return { RESET_LABS_PATIENCE_MS: String(ms) };
}

/** No state is waited for: that time passes is the fault. */
async function freeze(run: Run, ms: number): Promise<void> {
  run.signal('SIGSTOP');
  await after(ms);
  run.signal('SIGCONT');
}
