import type { TopologyName } from '../catalog/topology.ts';
import type { CellResult } from '../results/result.ts';
import { PORT } from './normalise.ts';
import { type Segment, segmentsOf } from './segments.ts';

const LETTERS: Readonly<Record<string, string>> = {
  SYN: 'S',
  FIN: 'F',
  PSH: 'P',
  RST: 'R',
};

/** The segments of a cell as tcpdump prints them, with hosts for addresses and relative numbers. */
export function tcpdumpLines(cell: CellResult, topology: TopologyName): string[] {
  const segments = segmentsOf(cell);
  const hello = segments.find((segment) => segment.hello);
  const helloEnd = hello && hello.seq + hello.length;
  return segments.map((segment) => line(segment, topology === 'routed', helloEnd));
}

/** @param helloEnd the number after a ClientHello, whose length depends on the library */
function line(segment: Segment, withTtl: boolean, helloEnd: number | undefined): string {
  const { from, to, flags, seq, ack, length, connection, ttl, hello, kind, stateless } = segment;
  const name = (host: string) =>
    `${host}.${host === 'client' ? PORT.client + connection - 1 : PORT.server}`;
  const number = (value: number) => (value === helloEnd ? 'N' : String(value));
  const letters = Object.entries(LETTERS).flatMap(([flag, letter]) =>
    flags.includes(flag) ? letter : '',
  );
  const fields = [
    `Flags [${letters.join('')}${flags.includes('ACK') ? '.' : ''}]`,
    ...(kind === 'ack' || kind === 'probe'
      ? []
      : [`seq ${length === 0 ? number(seq) : `${seq}:${number(seq + length)}`}`]),
    ...(ack === null ? [] : [`ack ${number(ack)}`]),
    ...(kind === 'rst' && stateless ? ['win 0'] : []),
    `length ${hello ? 'N' : length}`,
  ];
  return `IP ${withTtl ? `(ttl ${ttl}) ` : ''}${name(from)} > ${name(to)}: ${fields.join(', ')}`;
}
