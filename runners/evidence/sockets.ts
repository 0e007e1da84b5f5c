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

/** One line of `/proc/net/tcp` or `tcp6`. */
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

/** Reads the lines of both tables without their headings; addresses are left aside: a host has one link. */
export function parseSockets(lines: readonly string[]): Socket[] {
  return lines.flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local = '', remote = '', number = '', queues = '', timer = ''] = fields;
    const state = STATES[Number.parseInt(number, 16)];
    const [sent = '', received = ''] = queues.split(':');
    if (!state || !received) return [];
    return {
      localPort: port(local),
      remotePort: port(remote),
      state,
      unacknowledged: Number.parseInt(sent, 16),
      unread: Number.parseInt(received, 16),
      timer: !timer.startsWith('00'),
      remainder: timer.startsWith('03'),
    };
  });
}

function port(endpoint: string): number {
  return Number.parseInt(endpoint.slice(endpoint.lastIndexOf(':') + 1), 16);
}
