import type { Alternative } from '../../runners/catalog/expectation.ts';
import type { Packet, Side } from '../../runners/evidence/connection.ts';
import type { Observation } from '../../runners/evidence/observation.ts';
import type { Cell } from '../../runners/plan.ts';
import { cellResult, emptyResult } from '../../runners/results/cell-result.ts';
import { conclusionOf } from '../../runners/results/conclusion.ts';
import type { CellResult, EngineOfRun, RunResult } from '../../runners/results/result.ts';
import { judge } from '../../runners/verdict/judge.ts';
import { CRASH_EXPECTED, cellOf, crash, LANGUAGES, packet, REQUEST, ran } from '../_observation.ts';

export function resultOf(more: Partial<Observation> = {}, cell: Cell = cellOf()): CellResult {
  const observation = crash(more);
  const pcap = 'got' in observation.packets ? `cells/${cell.engine}/${cell.id}/capture.pcap` : null;
  return cellResult(cell, observation, judge(cell, observation), {
    durationMs: 12.5,
    pcap,
    looks: [],
  });
}

const java = cellOf({}, { client: LANGUAGES.java });
const javaReset = { type: 'java.net.SocketException', errno: null, message: 'Connection reset' };
const javaRan = ran(['connect ok', 'send ok', ['read', javaReset]], {
  exitStatus: 1,
  err: ['Connection reset: the server or something on the way aborted the connection.'],
});

export const PASS = resultOf();
export const PASS_JAVA = resultOf({ client: javaRan }, java);

/** The server sent a FIN. */
const CLOSED: Partial<Observation> = {
  client: ran(['connect ok', 'send ok', 'read eof', 'close ok'], {
    err: ['The server closed the connection without a reply.'],
  }),
  packets: {
    got: [
      ...REQUEST,
      packet('server', 'FIN ACK', { timeUs: 1_006_900, ack: 15 }),
      packet('client', 'FIN ACK', { timeUs: 1_009_000, seq: 15, ack: 2 }),
    ],
  },
  counters: { got: { client: { ActiveOpens: 1 }, server: { PassiveOpens: 1 } } },
  resets: { got: [] },
};

/** The server sent a FIN where a RST is expected. */
export const FAIL = resultOf(CLOSED);

export const UNKNOWN = resultOf({
  packets: { missing: 'tcpdump is not on the PATH: apt-get install tcpdump' },
  counters: { missing: 'left out on request' },
  resets: { missing: 'left out on request' },
});

export const NOT_RUN = emptyResult(
  java,
  'not-run',
  'Java needs `javac`, which is not on the PATH: apt-get install default-jdk-headless',
);

/** A client that never ends: only a deadline ended it. */
export const STUCK = resultOf({
  client: ran(['connect ok', 'send ok', 'read begin'], { exitStatus: null }),
  packets: { got: REQUEST },
  counters: { got: { client: { ActiveOpens: 1 }, server: { PassiveOpens: 1 } } },
  resets: { got: [] },
  actions: [],
  problem: 'the end of the client did not come within 15 s; instead: it is at "read"',
});

const closed: Alternative = {
  outcome: 'end of file',
  because: 'the FIN was first',
  client: ['connect ok', 'send ok', 'read eof', 'close ok'],
  packets: { rst: 'none', fin: 'both' },
  kernel: { client: {}, server: {}, reason: 'none' },
};
const reset: Alternative = { ...CRASH_EXPECTED, outcome: 'reset', because: 'the RST was first' };
const race = cellOf({ expect: [reset, closed], variant: 'race' });

/** Two of a lab's possible outcomes, and one that is none of them. */
export const RACE = {
  reset: resultOf({}, race),
  closed: resultOf(CLOSED, race),
  neither: resultOf({ ...CLOSED, packets: { got: REQUEST } }, race),
};

/** A keepalive probe that a load balancer answers with a RST. */
export const PROXIED = resultOf(
  {
    peer: 'balancer',
    packets: {
      got: [
        ...REQUEST.map((one) => throughBalancer(one)),
        throughBalancer(packet('client', 'ACK', { timeUs: 1_006_800, seq: 14, keepAlive: true })),
        throughBalancer(packet('server', 'RST', { timeUs: 1_006_900, stateless: true })),
      ],
    },
    counters: {
      got: {
        client: { ActiveOpens: 1, EstabResets: 1 },
        balancer: { OutRsts: 1, PassiveOpens: 1 },
        server: { TCPChallengeACK: 1, PassiveOpens: 1 },
      },
    },
    resets: { missing: 'for root only' },
  },
  cellOf({
    variant: 'closed',
    cure: 'keepalive',
    expect: {
      ...CRASH_EXPECTED,
      packets: { rst: { from: 'balancer', answers: 'keepalive' }, fin: 'none' },
      kernel: {
        client: { EstabResets: 1 },
        balancer: { OutRsts: 1 },
        server: { TCPChallengeACK: 1 },
        reason: { from: 'balancer', is: 'NO_SOCKET' },
      },
    },
  }),
);

function throughBalancer({ from, to, ...rest }: Packet): Packet {
  const peer = (side: Side) => (side === 'server' ? 'balancer' : side);
  return { ...rest, from: peer(from), to: peer(to) };
}

export const LOCAL: EngineOfRun = {
  name: 'local',
  title: 'local',
  why: 'asked for',
  kernel: '6.18.44',
  durationMs: 612,
  processor: { programsMs: 1900, allMs: null },
};

export function runOf(cells: readonly CellResult[], more: Partial<RunResult> = {}): RunResult {
  return {
    schema: 1,
    id: 'mine',
    startedAt: '2026-11-21T09:00:00.000Z',
    durationMs: 612,
    command: 'npm run lab -- crash-server',
    engines: [LOCAL],
    absent: [],
    leftOut: [],
    machine: { kernel: '6.18.44', arch: 'x86_64', cpus: 2 },
    revision: null,
    shard: null,
    merged: null,
    interrupted: false,
    planned: cells.length,
    cells,
    ...conclusionOf(cells),
    verdict: 'pass',
    ...more,
  };
}
