/** Socket states by the number that `/proc/net/tcp` shows (kernel: include/net/tcp_states.h). */
const STATES = [
  '',
  'ESTABLISHED',
  'SYN-SENT',
  'SYN-RECEIVED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSED',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  'SYN-RECEIVED',
] as const;
/** The names of RFC 9293 §3.3.2. */
export type SocketState = Exclude<(typeof STATES)[number], ''>;

/** The same states by their names in iproute2 (misc/ss.c, sstate_name); most have the same. */
const STATES_OF_SS = new Map<string, (typeof STATES)[number]>([
  ...STATES.map((state) => [state, state] as const),
  ['ESTAB', 'ESTABLISHED'],
  ['SYN-RECV', 'SYN-RECEIVED'],
  ['UNCONN', 'CLOSED'],
]);

/** One line of `/proc/net/tcp` or `tcp6`, or of `ss --tcp --all --numeric --options`. */
export type Socket = {
  readonly localPort: number;
  readonly remotePort: number;
  readonly state: SocketState;
  /** Bytes that the peer has not acknowledged. */
  readonly unacknowledged: number;
  /** Bytes in the receive queue that the program has not read (of a listener: connections waiting). */
  readonly unread: number;
  /** Whether the kernel has set itself a timer for it: to send again, to probe, to give up. */
  readonly timer: boolean;
  /** Only what the kernel keeps of a connection that no process has any more, in FIN-WAIT-2 or TIME-WAIT. */
  readonly remainder: boolean;
};

/**
 * Reads the lines of both tables without their headings, or those of `ss`; addresses are left aside: a host has
 * one link.
 */
export function parseSockets(lines: readonly string[]): Socket[] {
  return lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return /^\d+:/.test(fields[0] ?? '') ? ofTable(fields) : ofSs(fields);
  });
}

function ofTable(fields: readonly string[]): Socket[] {
  const [, local = '', remote = '', number = '', queues = '', timer = ''] = fields;
  const state = STATES[Number.parseInt(number, 16)];
  const [sent = '', received = ''] = queues.split(':');
  if (!state || !received) return [];
  return [
    {
      localPort: port(local),
      remotePort: port(remote),
      state,
      unacknowledged: Number.parseInt(sent, 16),
      unread: Number.parseInt(received, 16),
      timer: !timer.startsWith('00'),
      remainder: timer.startsWith('03'),
    },
  ];
}

function ofSs(fields: readonly string[]): Socket[] {
  const [name = '', received = '', sent = '', local = '', remote = '', timer = ''] = fields;
  const state = STATES_OF_SS.get(name);
  if (!state || !/^\d+$/.test(received) || !/^\d+$/.test(sent)) return [];
  return [
    {
      localPort: port(local, 10),
      remotePort: port(remote, 10),
      state,
      // Of a listener it is the length that its queue may have.
      unacknowledged: state === 'LISTEN' ? 0 : Number(sent),
      unread: Number(received),
      timer: timer.startsWith('timer:('),
      remainder: timer.startsWith('timer:(timewait,'),
    },
  ];
}

/** The port of an endpoint; 0 for any, which `ss` writes as `*`. */
function port(endpoint: string, radix = 16): number {
  const text = endpoint.slice(endpoint.lastIndexOf(':') + 1);
  return text === '*' ? 0 : Number.parseInt(text, radix);
}
