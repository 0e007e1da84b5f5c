import type { TopologyName } from '../catalog/topology.ts';
import type { CellResult } from '../results/result.ts';
import { block } from './markdown.ts';
import { type Note, notesOf } from './notes.ts';
import { type Segment, segmentsOf } from './segments.ts';

const PARTICIPANTS: Readonly<Record<TopologyName, readonly string[]>> = {
  direct: ['client', 'server'],
  routed: ['client', 'router', 'server'],
  proxied: ['client', 'balancer'],
};

/** The course of a cell as a sequence diagram of Mermaid: segments, steps, faults. */
export function diagram(cell: CellResult, topology: TopologyName): string[] {
  const segments = segmentsOf(cell);
  const notes = notesOf(cell, segments, topology === 'proxied');
  const lines = [
    'sequenceDiagram',
    ...PARTICIPANTS[topology].map((host) => `    participant ${host}`),
  ];
  const last = PARTICIPANTS[topology].at(-1) ?? 'server';
  for (let index = 0; index <= segments.length; index++) {
    for (const note of notes.filter(({ at }) => at === index)) lines.push(noteLine(note, last));
    const segment = segments[index];
    if (!segment) continue;
    lines.push(arrow(segment));
    if (segment.either) {
      const what = segment.kind === 'fin' ? 'either FIN' : 'either of the two';
      lines.push(`    Note over client,${last}: ${what} may come first`);
    }
  }
  return block(lines, 'mermaid');
}

function noteLine({ of, text }: Note, last: string): string {
  const where =
    of === 'fault' ? `over client,${last}` : of === 'client' ? 'left of client' : 'right of server';
  return `    Note ${where}: ${escaped(of === 'fault' ? `fault: ${text}` : text)}`;
}

function arrow(segment: Segment): string {
  const { from, to, kind, forged } = segment;
  const head = kind === 'rst' ? '-x' : '->>';
  return `    ${forged ? 'router' : from}${head}${to}: ${escaped(label(segment))}`;
}

/** `14 bytes`, `FIN, ACK`, `RST in the name of server` */
export function label({ flags, kind, length, hello, again, forged, from }: Segment): string {
  const more = `${forged ? ` in the name of ${from}` : ''}${again ? ', again' : ''}`;
  if (kind === 'probe') return 'keepalive probe, repeated';
  if (hello) return `ClientHello${more}`;
  if (kind === 'data') return `${length} bytes${flags.includes('FIN') ? ', FIN' : ''}${more}`;
  return `${flags.filter((flag) => flag !== 'PSH').join(', ')}${more}`;
}

/** Mermaid takes a semicolon for the end of the line, and a number sign for a character's code. */
function escaped(text: string): string {
  return text.replaceAll(/[;#]/g, (character) => `#${character.charCodeAt(0)};`);
}
