import type { Topology } from '../../runners/engines/engine.ts';
import type { PcapRecord } from '../../runners/evidence/pcap.ts';

export const PORT = 20_004;
const HOSTS = { client: [192, 0, 2, 1], server: [192, 0, 2, 2] } as const;

const FLAGS: Readonly<Record<string, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16 };

/** LINKTYPE_RAW: frames begin with the IP header. */
export const LINK_TYPE = 101;

type More = {
  readonly seq?: number;
  readonly ack?: number;
  readonly length?: number;
  /** The client's. */
  readonly clientPort?: number;
  /** The server's. */
  readonly port?: number;
};

/** A captured segment (RFC 791, RFC 9293 §3.1) between a client and the server's port; flags as `SYN ACK`. */
export function segment(from: 'client' | 'server', flags: string, more: More = {}): PcapRecord {
  const { seq = 0, ack = 0, length = 0, clientPort = 40_000, port = PORT } = more;
  const [source, destination] =
    from === 'client' ? [HOSTS.client, HOSTS.server] : [HOSTS.server, HOSTS.client];
  const [sourcePort, destinationPort] = from === 'client' ? [clientPort, port] : [port, clientPort];
  const bytes = Buffer.alloc(40 + length);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes[8] = 64;
  bytes[9] = 6;
  bytes.set(source, 12);
  bytes.set(destination, 16);
  bytes.writeUInt16BE(sourcePort, 20);
  bytes.writeUInt16BE(destinationPort, 22);
  bytes.writeUInt32BE(seq >>> 0, 24);
  bytes.writeUInt32BE(ack >>> 0, 28);
  bytes[32] = 0x50;
  bytes[33] = flags.split(' ').reduce((sum, flag) => sum | (FLAGS[flag] ?? 0), 0);
  return { bytes, raw: bytes, timeUs: 1_000_000 } as unknown as PcapRecord;
}

/** As much of a topology as shows what its link has carried. */
export function carrying(
  records: readonly PcapRecord[],
  more: { readonly linkType?: number | undefined; readonly capture?: unknown } = {},
): Topology {
  const capture = { records, linkType: LINK_TYPE, ...more };
  const host = (address: readonly number[]) => ({ address: address.join('.') });
  return {
    hosts: { client: host(HOSTS.client), server: host(HOSTS.server) },
    capture: more.capture ?? capture,
  } as unknown as Topology;
}
