import type { Topology } from '../engines/engine.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { connections, type Packet } from '../evidence/connection.ts';
import type { PcapRecord } from '../evidence/pcap.ts';
import { decodeFrame, type TcpSegment } from '../evidence/segment.ts';

/** The end of the client's connection: the server, or the balancer before it. */
export function peerOf({ hosts: { server, balancer } }: Pick<Topology, 'hosts'>) {
  const role = balancer ? ('balancer' as const) : ('server' as const);
  return { role, address: (balancer ?? server).address };
}

/** The segments between a topology's client and its peer. */
export function packetsOn(
  topology: Pick<Topology, 'hosts'>,
  port: number,
  { linkType, records }: { readonly linkType: number; readonly records: readonly PcapRecord[] },
): Packet[] {
  const { role, address } = peerOf(topology);
  const client = topology.hosts.client.address;
  return connections(records, { linkType, port, client, server: address, peer: role });
}

/** Waits until all that has passed the link up to now is captured. */
export async function allIsCaptured(
  topology: Pick<Topology, 'capture' | 'hosts'>,
  mark: string,
): Promise<void> {
  const { capture, hosts } = topology;
  if (isUnavailable(capture)) return;
  await capture.until(mark, () => hosts.client.agent.ask('mark', peerOf(topology).address, mark));
}

/** How many keepalive probes a side has sent up to now. */
export function probesOf(topology: Topology, port: number, side: 'client' | 'server'): number {
  return packetsNow(topology, port).filter(({ keepAlive, from }) => {
    return keepAlive && (from === 'client') === (side === 'client');
  }).length;
}

/**
 * The sequence number of the next byte that the client expects of the server, from what the server has
 * sent in its last connection: RCV.NXT of RFC 9293 §3.3.1.
 */
export function sequenceExpectedByClient(
  topology: Topology,
  port: number,
): { clientPort: number; sequence: number } {
  const segments = segmentsNow(topology).filter(
    ({ source, flags }) => source.port === port && !flags.includes('RST'),
  );
  const last = segments.at(-1);
  if (!last) throw new Error('no segment of the server was captured: its numbers are not known');
  const clientPort = last.destination.port;
  const sequence = segments
    .filter(({ destination }) => destination.port === clientPort)
    .map(endOf)
    // The furthest, not the last: a probe or a retransmission lies before it. Modulo 2^32.
    .reduce((furthest, end) => (((end - furthest) | 0) > 0 ? end : furthest));
  return { clientPort, sequence };
}

/** The sequence number after all that a segment occupies. */
function endOf({ seq, length, flags }: TcpSegment): number {
  const occupied = length + Number(flags.includes('SYN')) + Number(flags.includes('FIN'));
  return (seq + occupied) >>> 0;
}

function packetsNow(topology: Topology, port: number): Packet[] {
  const { capture } = topology;
  if (isUnavailable(capture) || capture.linkType === undefined) return [];
  return packetsOn(topology, port, { linkType: capture.linkType, records: capture.records });
}

function segmentsNow({ capture }: Topology): TcpSegment[] {
  if (isUnavailable(capture)) throw new Error(capture.unavailable);
  const { linkType } = capture;
  if (linkType === undefined) return [];
  return capture.records.flatMap(({ bytes }) => {
    const segment = decodeFrame(linkType, bytes);
    return segment?.protocol === 'tcp' ? segment : [];
  });
}
