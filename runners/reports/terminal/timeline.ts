import type { CellResult, PacketResult } from '../../results/result.ts';
import { cut, paint, plain, type Screen, wrap } from './text.ts';

type Entry = { readonly atMs: number; readonly text: string; readonly why?: string };

/**
 * The story of one cell, in order of time from its first segment: segments, the fault, and how the
 * programs' steps ended. Segments which only acknowledge are shown on request; keepalive probes always.
 */
export function timeline(cell: CellResult, screen: Screen, acknowledgements = false): string[] {
  const colours = paint(screen);
  const packets = (cell.packets ?? []).filter(
    ({ flags, length, keepAlive }) =>
      acknowledgements || length > 0 || keepAlive || flags.join() !== 'ACK',
  );
  const startMs = packets[0]?.atMs ?? 0;
  const deciding = packets.find(({ flags }) => flags.includes('RST')) ?? firstFin(packets);
  const width = Math.max(...packets.map((packet) => label(packet).length), 8) + 6;
  const entries: Entry[] = [
    ...packets.map((packet) => ({
      atMs: packet.atMs,
      text: arrow(packet, width),
      ...(packet === deciding ? { why: why(cell) } : {}),
    })),
    ...cell.actions.map(({ atMs, what }) => ({ atMs, text: `fault: ${what}` })),
    ...cell.steps.filter(({ atMs }) => atMs >= startMs).map(step),
    ...cell.unfinished.map(({ beganMs, role, step: name }) => ({
      atMs: beganMs,
      text: `${who(cell, role)}: ${name} begins, and does not end`,
    })),
  ];
  return entries
    .sort((a, b) => a.atMs - b.atMs)
    .flatMap(({ atMs, text, why }) => {
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
    });

  function step({ atMs, role, step: name, outcome, error }: CellResult['steps'][number]): Entry {
    const how = error
      ? plain(`${error.type}: ${error.message}`)
      : outcome === 'eof'
        ? 'end of file'
        : outcome;
    return { atMs, text: `${who(cell, role)}: ${name} → ${how}` };
  }
}

/** What stands beside the deciding segment; the lab's reason only where the lab was right. */
function why({ because, outcome, why, findings }: CellResult): string {
  const { agreement, expected } = findings?.packets ?? {};
  if (agreement === 'contradicts') return `not as expected: ${expected}`;
  return outcome?.because ?? because ?? why;
}

function who(cell: CellResult, role: 'client' | 'server'): string {
  return role === 'client' ? cell.client.language : `${cell.server.language} server`;
}

function firstFin(packets: readonly PacketResult[]): PacketResult | undefined {
  return packets.find(({ flags }) => flags.includes('FIN'));
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
