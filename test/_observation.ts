import java from '../labs/programs/java/language.ts';
import node from '../labs/programs/node/language.ts';
import python from '../labs/programs/python/language.ts';
import type { Expectation } from '../runners/catalog/expectation.ts';
import type { Lab, NamedLab, Story } from '../runners/catalog/lab.ts';
import type { Language, NamedLanguage } from '../runners/catalog/language.ts';
import type { Packet, Side } from '../runners/evidence/connection.ts';
import type { Observation, ProgramRun } from '../runners/evidence/observation.ts';
import type { TcpFlag } from '../runners/evidence/segment.ts';
import { readReport, type StepError, type StepName } from '../runners/evidence/steps.ts';
import type { Cell } from '../runners/plan.ts';

export const PEER = { address: '192.0.2.2', port: 20_004 };

export const LANGUAGES: Readonly<Record<'java' | 'node' | 'python', NamedLanguage>> = {
  java: named(java, 'java'),
  node: named(node, 'node'),
  python: named(python, 'python'),
};

function named(language: Language, name: string): NamedLanguage {
  const { flavours: _, ...plain } = language;
  const folder = `labs/programs/${name}`;
  return { ...plain, name, of: name, folder, id: name, runtime: name, version: null };
}

/** Python's words for ECONNRESET, written out: a test must not take them from what it tests. */
export const RESET: StepError = {
  type: 'ConnectionResetError',
  errno: 'ECONNRESET',
  message: '[Errno 104] Connection reset by peer',
};

/** A difference must name one. */
export const LINK = 'https://example.org/source#L1';

/** A step: `connect ok`, `read eof`, `read begin` (which has not ended), or one with its error. */
export type Said = string | readonly [StepName, StepError];

/** What a program reported and printed. Each line is 1 ms later than the one before. */
export function ran(said: readonly Said[], more: Partial<ProgramRun> = {}): ProgramRun {
  let timeUs = 1_000_000;
  const line = (...fields: readonly string[]) => {
    timeUs += 1000;
    return [String(timeUs), ...fields].join('\t');
  };
  const runtime = line('runtime', 'ok', '3.13.5');
  const lines = said.flatMap((one) => {
    if (typeof one === 'string') {
      const [step = '', how = ''] = one.split(' ');
      return how === 'begin' ? [line(step, how)] : [line(step, 'begin'), line(step, how)];
    }
    const [step, { type, errno, message }] = one;
    return [line(step, 'begin'), line(step, 'error', type, errno ?? '-', message)];
  });
  const report = readReport([runtime, ...lines]);
  return { report, exitStatus: 0, out: [], err: [], cpuMs: 40, ...more };
}

/** A captured segment; flags as `SYN ACK`. */
export function packet(from: Side, flags: string, more: Partial<Packet> = {}): Packet {
  return {
    index: 0,
    timeUs: 1_003_000,
    from,
    to: from === 'client' ? 'server' : 'client',
    flags: flags.split(' ') as TcpFlag[],
    seq: 1,
    ack: flags.includes('ACK') ? 1 : null,
    length: 0,
    ttl: 64,
    ipId: 1,
    window: 64,
    connection: 1,
    relativeToSyn: true,
    retransmission: false,
    keepAlive: false,
    stateless: false,
    ...more,
  };
}

/** A handshake, and a request that is acknowledged. */
export const REQUEST: readonly Packet[] = [
  packet('client', 'SYN', { seq: 0 }),
  packet('server', 'SYN ACK', { seq: 0 }),
  packet('client', 'ACK'),
  packet('client', 'PSH ACK', { length: 14 }),
  packet('server', 'ACK', { ack: 15 }),
];

/** What {@link CRASH} expects. */
export const CRASH_EXPECTED: Expectation = {
  client: ['connect ok', 'send ok', 'read ECONNRESET'],
  packets: { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
  kernel: {
    client: { EstabResets: 1 },
    server: { OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
    reason: { from: 'server', is: 'TCP_ABORT_ON_CLOSE' },
  },
};

const TITLE = 'The server process is killed with a request unread';

/** {@link CRASH} as a `lab.ts` may export it. */
export const CRASH_DEFINITION: Lab & Story = {
  title: TITLE,
  causes: ['crash'],
  why: 'unread data, so RST, not FIN',
  topology: 'direct',
  server: { behaviour: 'never-read' },
  client: { program: 'ask' },
  expect: CRASH_EXPECTED,
};

/** The server is killed with a request unread. */
export const CRASH: NamedLab = {
  ...CRASH_DEFINITION,
  number: '04',
  name: 'crash-server',
  headline: TITLE,
  variant: null,
  cure: null,
};

/** All that is seen when {@link CRASH} meets a Python client as it should. */
export function crash(more: Partial<Observation> = {}): Observation {
  return {
    port: PEER.port,
    addresses: { client: '192.0.2.1', peer: PEER.address },
    peer: 'server',
    client: ran(['connect ok', 'send ok', ['read', RESET]], { exitStatus: 1 }),
    server: ran(['listen ok', 'accept ok', 'wait begin'], { exitStatus: 137 }),
    actions: [{ what: 'SIGKILL to the server', timeUs: 1_006_500, touched: 1 }],
    packets: { got: [...REQUEST, packet('server', 'RST ACK', { timeUs: 1_006_900, ack: 15 })] },
    counters: {
      got: {
        client: { ActiveOpens: 1, EstabResets: 1, InSegs: 3 },
        server: { PassiveOpens: 1, OutRsts: 1, EstabResets: 1, TCPAbortOnClose: 1 },
      },
    },
    resets: {
      got: [
        {
          event: 'sent',
          source: PEER,
          destination: { address: '192.0.2.1', port: 40_000 },
          reason: 'TCP_ABORT_ON_CLOSE',
        },
        {
          event: 'received',
          source: { address: '192.0.2.1', port: 40_000 },
          destination: PEER,
          reason: null,
        },
      ],
    },
    problem: null,
    ...more,
  };
}

/** A cell of a lab with a Python client and a Python server. */
export function cellOf(lab: Partial<NamedLab> = {}, more: Partial<Cell> = {}): Cell {
  return {
    id: '04-crash-server-python-python-1',
    lab: { ...CRASH, ...lab },
    client: LANGUAGES.python,
    server: LANGUAGES.python,
    engine: 'local',
    ip: 4,
    repeat: 1,
    port: PEER.port,
    ...more,
  };
}
