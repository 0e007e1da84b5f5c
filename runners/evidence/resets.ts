/** One reset that the kernel told through its tracepoints. */
export type TracedReset = {
  readonly event: 'sent' | 'received';
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Of a sent reset on Linux ≥ 6.10: the name of `enum sk_rst_reason`; else null. */
  readonly reason: string | null;
};

/**
 * Reads lines of `trace_pipe` with the events tcp_send_reset and tcp_receive_reset. The ports of a received
 * reset are the receiving socket's own (`sport`) and its peer's.
 */
export function parseResets(lines: readonly string[]): TracedReset[] {
  return lines.flatMap((line) => {
    const sent = /tcp_send_reset: .*\bsrc=\S*:(\d+) dest=\S*:(\d+)\b(?:.*\breason=(\w+))?/.exec(
      line,
    );
    if (sent) {
      const [, source, destination, reason] = sent;
      return reset('sent', source, destination, reason ?? null);
    }
    const received = /tcp_receive_reset: .*\bsport=(\d+) dport=(\d+)/.exec(line);
    return received ? reset('received', received[1], received[2], null) : [];
  });
}

function reset(
  event: TracedReset['event'],
  source: string | undefined,
  destination: string | undefined,
  reason: string | null,
): TracedReset {
  return { event, sourcePort: Number(source), destinationPort: Number(destination), reason };
}
