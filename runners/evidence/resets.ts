export type TracedEndpoint = { readonly address: string; readonly port: number };

/** One reset that the kernel told through its tracepoints. */
export type TracedReset = {
  readonly event: 'sent' | 'received';
  /** Of the segment for a sent reset, of the socket for a received one. */
  readonly source: TracedEndpoint;
  readonly destination: TracedEndpoint;
  /** Of a sent reset on Linux ≥ 6.10: the name of `enum sk_rst_reason`; else null. */
  readonly reason: string | null;
};

const SENT = /tcp_send_reset: .*\bsrc=(\S+) dest=(\S+)(?:.*\breason=(\w+))?/;
const RECEIVED =
  /tcp_receive_reset: .*\bsport=(\d+) dport=(\d+) saddr=\S+ daddr=\S+ saddrv6=(\S+) daddrv6=(\S+)/;

/** Reads lines of `trace_pipe` with the events tcp_send_reset and tcp_receive_reset. */
export function parseResets(lines: readonly string[]): TracedReset[] {
  return lines.flatMap((line): TracedReset[] => {
    const [, from, to, reason = null] = SENT.exec(line) ?? [];
    if (from !== undefined && to !== undefined) {
      return [{ event: 'sent', source: endpoint(from), destination: endpoint(to), reason }];
    }
    const [, sport, dport, saddr, daddr] = RECEIVED.exec(line) ?? [];
    if (saddr === undefined || daddr === undefined) return [];
    const source = { address: plainAddress(saddr), port: Number(sport) };
    const destination = { address: plainAddress(daddr), port: Number(dport) };
    return [{ event: 'received', source, destination, reason: null }];
  });
}

/** Those between two hosts on a port. A listener on all addresses is traced with none: `0.0.0.0`. */
export function resetsBetween(
  resets: readonly TracedReset[],
  addresses: readonly string[],
  port: number,
): TracedReset[] {
  const known = new Set([...addresses, '0.0.0.0', '::']);
  return resets.filter(
    ({ source, destination }) =>
      known.has(source.address) &&
      known.has(destination.address) &&
      (source.port === port || destination.port === port),
  );
}

/** `198.18.0.1:4000`, `[::1]:4000` */
function endpoint(text: string): TracedEndpoint {
  const colon = text.lastIndexOf(':');
  return { address: plainAddress(text.slice(0, colon)), port: Number(text.slice(colon + 1)) };
}

/** A dual-stack socket shows an IPv4 address as one of IPv6. */
function plainAddress(text: string): string {
  return text.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:(?=\d+\.)/, '');
}
