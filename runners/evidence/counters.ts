/** Counters of one host's TCP by name, as in `/proc/net/snmp` (Tcp:) and `/proc/net/netstat` (TcpExt:). */
export type Counters = Readonly<Record<string, number>>;

/**
 * The counters which tell of resets and of the connection as such. Labs name some of these; each that a
 * lab does not name must stay zero, so no reset can pass unseen.
 */
export const RESET_COUNTERS = [
  'OutRsts',
  'EstabResets',
  'AttemptFails',
  'TCPAbortOnData',
  'TCPAbortOnClose',
  'TCPAbortOnMemory',
  'TCPAbortOnTimeout',
  'TCPAbortOnLinger',
  'TCPAbortFailed',
  'EmbryonicRsts',
  'ListenOverflows',
  'TCPChallengeACK',
] as const;
export type ResetCounter = (typeof RESET_COUNTERS)[number];

/** Reads the lines of both files: pairs of lines, names and values. */
export function parseCounters(lines: readonly string[]): Counters {
  const counters: Record<string, number> = {};
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [names = [], values = []] = [lines[i]?.split(' '), lines[i + 1]?.split(' ')];
    if (names[0] !== values[0] || names.length !== values.length) {
      throw new Error(`the kernel's counters cannot be read: ${lines[i]?.slice(0, 60)}`);
    }
    names.slice(1).forEach((name, index) => {
      counters[name] = Number(values[index + 1]);
    });
  }
  return counters;
}

/** Gauges and settings: their differences count no event. */
const NO_EVENTS = new Set(['RtoAlgorithm', 'RtoMin', 'RtoMax', 'MaxConn', 'CurrEstab']);

/** What was counted between two readings; zeros are left out. */
export function difference(before: Counters, after: Counters): Counters {
  const counted: Record<string, number> = {};
  for (const [name, value] of Object.entries(after)) {
    const count = value - (before[name] ?? 0);
    if (count !== 0 && !NO_EVENTS.has(name)) counted[name] = count;
  }
  return counted;
}
