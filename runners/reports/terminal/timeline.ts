import type { CellResult, PacketResult, StepResult } from '../../results/result.ts';
import { describeError } from '../../verdict/program.ts';
import { notEnded, openStep } from './summary.ts';
import { cut, paint, plain, type Screen, wrap } from './text.ts';

type Entry = {
  readonly atMs: number;
  readonly text: string;
  /** Stands beside it. */
  readonly why?: string;
  /** What was expected in its place. */
  readonly expected?: string | undefined;
};

/**
 * The story of one cell, in order of time from its first segment: segments, the fault, and how the
 * programs' steps ended. Segments which only acknowledge are shown on request; keepalive probes always. The
 * first that is not as expected is marked; what is missing, at the end.
 */
export function timeline(cell: CellResult, screen: Screen, acknowledgements = false): string[] {
  const colours = paint(screen);
  const packets = (cell.packets ?? []).filter(
    ({ flags, length, keepAlive }) =>
      acknowledgements || length > 0 || keepAlive || flags.join() !== 'ACK',
  );
  const startMs = packets[0]?.atMs ?? 0;
  const deciding = firstWith('RST', packets) ?? firstWith('FIN', packets);
  const wrong = wrongSegment(cell, packets);
  const wanted = cell.findings?.program.expected;
  const wrongEnded = wrongStep(cell);
  const wrongHasNotEnded = isWrong(cell, `${openStep(cell)} did not end`);
  const width = Math.max(...packets.map((packet) => label(packet).length), 8) + 6;
  const entries: Entry[] = [
    ...packets.map((packet) => ({
      atMs: packet.atMs,
      text: arrow(packet, width),
      ...(packet === deciding && isAsExpected(cell) && why(cell) !== '' ? { why: why(cell) } : {}),
      expected: packet === wrong ? cell.findings?.packets.expected : undefined,
    })),
    ...cell.actions.map(({ atMs, what }) => ({ atMs, text: `fault: ${what}` })),
    ...cell.steps.filter(({ atMs }) => atMs >= startMs).map(step),
    ...cell.unfinished.map(({ beganMs, role, step: name }) => ({
      atMs: beganMs,
      text: `${who(cell, role)}: ${name} begins, and ${role === 'client' ? notEnded(cell, 'does not end') : 'does not end'}`,
      expected: role === 'client' && wrongHasNotEnded ? wanted : undefined,
    })),
  ];
  entries.sort((a, b) => a.atMs - b.atMs);
  const first = entries.find(({ expected }) => expected !== undefined);
  const missing = Object.entries(cell.findings ?? {}).filter(
    ([witness, { agreement }]) => agreement === 'contradicts' && witness !== 'kernel',
  );
  const notSeen = first ? [] : missing.map(([, { expected }]) => expected);
  return [
    ...entries.flatMap((entry) => {
      const { atMs, text } = entry;
      const why = entry === first ? `not as expected: ${plain(entry.expected ?? '')}` : entry.why;
      const time = colours.dim(
        `${Math.max(0, atMs - startMs)
          .toFixed(1)
          .padStart(9)} ms`,
      );
      const line = cut(text, screen.columns - 16);
      if (why === undefined) return [`${time}  ${line}`];
      const beside = screen.columns - 16 - text.length - 3;
      if (why.length <= beside) return [`${time}  ${colours.bold(line)}   ${why}`];
      const below = wrap(why, screen.columns - 18).map((part) => `${' '.repeat(16)}${part}`);
      return [`${time}  ${colours.bold(line)}`, ...below];
    }),
    ...notSeen.flatMap((expected) =>
      wrap(`at the end not as expected: ${plain(expected)}`, screen.columns - 16).map(
        (line) => `${' '.repeat(14)}${line}`,
      ),
    ),
  ];

  function step(one: StepResult): Entry {
    const { atMs, role, step: name, outcome, error } = one;
    const how = error
      ? plain(`${error.type}: ${error.message}`)
      : outcome === 'eof'
        ? 'end of file'
        : outcome;
    const text = `${who(cell, role)}: ${name} → ${how}`;
    return { atMs, text, expected: one === wrongEnded ? wanted : undefined };
  }
}

/** What stands beside the deciding segment where it is as it should be. */
function why({ because, outcome, why }: CellResult): string {
  return outcome?.because ?? because ?? why;
}

function isAsExpected({ findings }: CellResult): boolean {
  return findings?.packets.agreement !== 'contradicts';
}

/** The client's step that the program's witness names as not expected; of several that are alike the last. */
function wrongStep(cell: CellResult): StepResult | undefined {
  return cell.steps.findLast(({ role, step, outcome, error }) => {
    const said = error ? `${step}: ${describeError(error)}` : `${step} ${outcome}`;
    return role === 'client' && isWrong(cell, said);
  });
}

function isWrong({ findings }: CellResult, said: string): boolean {
  return findings?.program.agreement === 'contradicts' && findings.program.observed === said;
}

/** The first segment that is not as expected: a FIN, or a RST. */
function wrongSegment(
  { findings }: CellResult,
  packets: readonly PacketResult[],
): PacketResult | undefined {
  if (findings?.packets.agreement !== 'contradicts') return undefined;
  const { expected, observed } = findings.packets;
  const [wanted, seen] = [expected, observed].map((text) => text.split(/, (?=[^,]*$)/));
  const suspects = (['RST', 'FIN'] as const).flatMap((flag, place) =>
    wanted?.[place] === seen?.[place] ? [] : (firstWith(flag, packets) ?? []),
  );
  return suspects.sort((a, b) => a.atMs - b.atMs)[0];
}

function who(cell: CellResult, role: 'client' | 'server'): string {
  return role === 'client' ? cell.client.language : `${cell.server.language} server`;
}

function firstWith(flag: string, packets: readonly PacketResult[]): PacketResult | undefined {
  return packets.find(({ flags }) => flags.includes(flag));
}

function label({ flags, length, retransmission, keepAlive }: PacketResult): string {
  if (keepAlive) return 'keepalive probe';
  const shown = length > 0 ? flags.filter((flag) => flag !== 'PSH' && flag !== 'ACK') : flags;
  const data = length > 0 ? [`${length} bytes`] : [];
  return `${[...shown, ...data].join(',')}${retransmission ? ' again' : ''}`;
}

function arrow(packet: PacketResult, width: number): string {
  const text = label(packet);
  const rest = '─'.repeat(width - text.length - 2);
  return packet.from === 'client'
    ? `client ──${text}${rest}▶ ${packet.to}`
    : `client ◀${rest}${text}── ${packet.from}`;
}
