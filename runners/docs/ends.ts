import { PcapReader } from '../evidence/pcap.ts';
import { decodeFrame } from '../evidence/segment.ts';

/** The addresses and ports of a cell's connections, which are others in every run. */
export type Ends = {
  readonly client: string;
  readonly peer: string;
  readonly port: number;
  /** Of its connections, in the order in which they began. */
  readonly clientPorts: readonly number[];
};

/** The ends of the connections in a cell's own capture; undefined where it has none. */
export function endsOf(pcap: Uint8Array): Ends | undefined {
  const reader = new PcapReader();
  const records = reader.push(pcap);
  const segments = records.flatMap(({ bytes }) => {
    const segment = decodeFrame(reader.linkType ?? 0, bytes);
    return segment?.protocol === 'tcp' ? [segment] : [];
  });
  const syns = segments.filter(({ flags }) => flags.includes('SYN') && !flags.includes('ACK'));
  const [first] = syns;
  if (!first) return undefined;
  return {
    client: first.source.address,
    peer: first.destination.address,
    port: first.destination.port,
    clientPorts: [...new Set(syns.map(({ source }) => source.port))],
  };
}
