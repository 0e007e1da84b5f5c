import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { within } from '../../deadline.ts';
import { inProject } from '../../paths.ts';
import { PORTS } from '../../plan.ts';
import type { Experiment, Promised } from '../experiment.ts';
import { placeOf } from '../place.ts';
import type { Run } from '../run.ts';

/** One cell after the other on the same hosts. */
const RUN = ['hello', '--client', 'python', '--repeat', '4', '--jobs', '1'];

type Taken = {
  readonly name: string;
  readonly fault: string;
  readonly first: number;
  readonly last: number;
  /** Of which the kernel gives ports to clients; undefined: the usual range. */
  readonly range?: string | undefined;
  readonly met: NonNullable<Promised['met']>;
};

const TAKEN: readonly Taken[] = [
  {
    name: 'no-port-to-listen',
    fault: `all ports of the servers are taken (${PORTS.first} to ${PORTS.last})`,
    ...PORTS,
    met: {
      cells: [1, 1],
      verdicts: ['fail'],
      reason: /the server cannot listen on port \d+: .*(EADDRINUSE|Address already in use)/,
    },
  },
  {
    name: 'no-port-to-connect',
    fault: 'all ports for clients are taken (`ip_local_port_range`)',
    first: 40_000,
    last: 40_001,
    range: '40000 40001',
    met: {
      cells: [1, 3],
      verdicts: ['fail'],
      reason: /observed connect: .*(EADDRNOTAVAIL|Cannot assign requested address)/,
    },
  },
];

export const ports: readonly Experiment[] = TAKEN.map(
  ({ name, fault, first, last, range, met }) => ({
    name,
    fault,
    moment: 'middle: some cells have a result, the hosts serve others',
    engine: 'local',
    run: RUN,
    needs: 'root',
    async prepare() {
      const place = await placeOf('local');
      const releases: (() => Promise<void>)[] = [];
      const release = async () => {
        await Promise.all(releases.splice(0).map((one) => one()));
      };
      return {
        place: {
          ...place,
          async close() {
            await release();
            await place.close();
          },
        },
        mend: release,
        async strike(run: Run) {
          await run.obtains(1);
          // Between two of its deeds the ports are taken as in no time.
          run.signal('SIGSTOP');
          for (const { pid } of run.agents())
            releases.push(await take(pid, { first, last, range }));
          run.signal('SIGCONT');
          if (releases.length === 0) throw new Error('the run had no hosts');
        },
      };
    },
    promise: { ends: [1], met, whole: true, inOrder: 'at once' },
  }),
);

/** Takes ports of a host; resolves with what gives them back. */
async function take(
  pid: number,
  { first, last, range }: Pick<Taken, 'first' | 'last' | 'range'>,
): Promise<() => Promise<void>> {
  const taking = ['python3', inProject('runners/chaos/take-ports.py'), String(first), String(last)];
  const set = '[[ -z $0 ]] || echo "$0" >/proc/sys/net/ipv4/ip_local_port_range; exec "$@"';
  const child = spawn(
    'nsenter',
    // /proc must show the host's settings: it shows those of the process that looks.
    ['--target', String(pid), '--net', 'bash', '-c', set, range ?? '', ...taking],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const gone = ended.then(() => Promise.reject(new Error('the ports could not be taken')));
  gone.catch(() => {});
  await within('the taking of ports', Promise.race([once(child.stdout, 'data'), gone]), 60_000);
  return async () => {
    child.stdin.end();
    await ended;
  };
}
