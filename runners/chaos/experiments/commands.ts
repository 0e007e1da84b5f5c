import type { Experiment } from '../experiment.ts';
import { ownCommands } from '../own-commands.ts';

const DIRECT = ['hello', 'refused', 'abort', 'crash-server', 'crash-idle'];

type Taken = {
  readonly command: string;
  readonly what: string;
  /** Words after `lab`; some cells need the command, others do not. */
  readonly run: readonly string[];
  readonly reason: RegExp;
};

const TAKEN: readonly Taken[] = [
  {
    command: 'node',
    what: 'the toolchain of a client',
    run: [...DIRECT, '--client', 'python,node', '--jobs', '1'],
    reason: /could not be started.*\bnode\b/,
  },
  {
    command: 'java',
    what: 'the toolchain of a client and server',
    run: [...DIRECT, '--client', 'java', '--server', 'java,python', '--jobs', '1'],
    reason: /could not be started.*\bjava\b/,
  },
  {
    command: 'tcpdump',
    what: 'the capture of hosts that are made later',
    run: [...DIRECT, 'firewall-reset', '--client', 'python', '--repeat', '2', '--jobs', '1'],
    reason: /the packets were lost: the capture has ended: .*tcpdump: command not found/,
  },
  {
    command: 'nft',
    what: 'the firewall of hosts that are made later',
    run: [...DIRECT, 'firewall-reset', '--client', 'python', '--repeat', '2', '--jobs', '1'],
    reason: /\bnft\b.*127/,
  },
  {
    command: 'haproxy',
    what: 'the load balancer',
    run: [...DIRECT, 'idle-timeout', '--client', 'python', '--repeat', '2', '--jobs', '1'],
    reason: /\bhaproxy\b/,
  },
];

export const commands: readonly Experiment[] = TAKEN.map(({ command, what, run, reason }) => ({
  name: `without-${command}`,
  fault: `\`${command}\` is taken away: ${what}`,
  moment: 'middle: some cells have a result',
  engine: 'local',
  run,
  needs: 'root',
  async prepare() {
    const { place, takeAway, mend } = await ownCommands(command);
    return {
      place,
      mend,
      async strike(run) {
        await run.obtains(1);
        await takeAway();
      },
    };
  },
  promise: {
    ends: [3],
    met: { cells: [1, run.length], verdicts: ['unknown', 'not-run'], reason },
    whole: true,
    inOrder: 'at once',
  },
}));
