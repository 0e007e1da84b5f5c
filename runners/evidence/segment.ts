/**
 * Decodes one captured frame down to TCP or UDP.
 *
 * Sources: RFC 791 (IPv4), RFC 8200 (IPv6), RFC 9293 §3.1 (TCP), RFC 768 (UDP), RFC 5952 (text of
 * IPv6 addresses), tcpdump.org's LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2.
 */

/** One end of a connection. */
export interface Endpoint {
  /** IPv4 in dotted decimal, IPv6 as RFC 5952 writes it. */
  address: string;
  port: number;
}

export type TcpFlag = (typeof FLAGS)[number][0];

export interface TcpSegment {
  protocol: 'tcp';
  source: Endpoint;
  destination: Endpoint;
  /** In the order SYN, FIN, RST, PSH, ACK, URG, ECE, CWR. */
  flags: TcpFlag[];
  /** Sequence and acknowledgment number as on the wire, 32 bits. */
  seq: number;
  ack: number;
  /** The 16 bits of the header, not scaled. */
  window: number;
  /** Bytes of payload that were sent, by IP's length: not padding, and not cut by the snap length. */
  length: number;
  /** Time to live (IPv4) or hop limit (IPv6). */
  ttl: number;
  /** Identification (IPv4); `null` in IPv6, which has none. */
  ipId: number | null;
  /** The part of the payload that was captured. */
  payload: Uint8Array;
}

export interface UdpDatagram {
  protocol: 'udp';
  source: Endpoint;
  destination: Endpoint;
  payload: Uint8Array;
}

export type Datagram = TcpSegment | UdpDatagram;

/**
 * Decodes a frame. Anything that is not a whole TCP or UDP header in IPv4 or IPv6 (other protocols,
 * fragments, cut or malformed headers, other link types) is `undefined`; nothing is ever thrown.
 *
 * @param linkType LINKTYPE_ number of the capture: 1 Ethernet, 101 RAW, 113 SLL, 276 SLL2
 */
export function decodeFrame(linkType: number, bytes: Uint8Array): Datagram | undefined {
  const frame = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = networkStart(linkType, frame);
  if (start === undefined || start >= frame.byteLength) return undefined;
  const version = frame.getUint8(start) >> 4;
  const ip = version === 4 ? ipv4(frame, start) : version === 6 ? ipv6(frame, start) : undefined;
  if (ip?.protocol === 6) return tcp(frame, ip);
  if (ip?.protocol === 17) return udp(frame, ip);
  return undefined;
}

/** The shortest text of an IPv6 address. The URL standard writes it as RFC 5952 §4 asks. */
export function canonicalIpv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** Per link type: where the EtherType stands and where its header ends. */
const LAYOUTS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [1, [12, 14]],
  [113, [14, 16]],
  [276, [0, 20]],
]);
const RAW = 101;

/** Whether {@link decodeFrame} can find anything in frames of a link type. */
export function isKnownLink(linkType: number): boolean {
  return linkType === RAW || LAYOUTS.has(linkType);
}

const FLAGS = [
  ['SYN', 0x02],
  ['FIN', 0x01],
  ['RST', 0x04],
  ['PSH', 0x08],
  ['ACK', 0x10],
  ['URG', 0x20],
  ['ECE', 0x40],
  ['CWR', 0x80],
] as const;

/** What of an IP packet its payload's decoder needs; offsets count from the start of the frame. */
interface IpPacket {
  protocol: number;
  source: string;
  destination: string;
  ttl: number;
  ipId: number | null;
  start: number;
  /** End of the packet by its own length field; may lie beyond what was captured. */
  end: number;
}

/** Where the IP header begins, if the link says that one follows. */
function networkStart(linkType: number, frame: DataView): number | undefined {
  if (linkType === RAW) return 0;
  const layout = LAYOUTS.get(linkType);
  if (!layout) return undefined;
  let [typeAt, start] = layout;
  while (frame.byteLength >= start + 4) {
    const etherType = frame.getUint16(typeAt);
    if (etherType === 0x0800 || etherType === 0x86dd) return start;
    // 802.1Q and 802.1ad: two bytes of tag, then the next EtherType.
    if (etherType !== 0x8100 && etherType !== 0x88a8) return undefined;
    typeAt = start + 2;
    start += 4;
  }
  return undefined;
}

function ipv4(frame: DataView, at: number): IpPacket | undefined {
  if (frame.byteLength < at + 20) return undefined;
  const headerLength = (frame.getUint8(at) & 0x0f) * 4;
  const totalLength = frame.getUint16(at + 2);
  if (headerLength < 20 || totalLength < headerLength) return undefined;
  // More-fragments bit or an offset: ports and flags may be in another packet.
  if ((frame.getUint16(at + 6) & 0x3fff) !== 0) return undefined;
  return {
    protocol: frame.getUint8(at + 9),
    source: ipv4Text(frame, at + 12),
    destination: ipv4Text(frame, at + 16),
    ttl: frame.getUint8(at + 8),
    ipId: frame.getUint16(at + 4),
    start: at + headerLength,
    end: at + totalLength,
  };
}

function ipv6(frame: DataView, at: number): IpPacket | undefined {
  if (frame.byteLength < at + 40) return undefined;
  const end = at + 40 + frame.getUint16(at + 4);
  let protocol = frame.getUint8(at + 6);
  let start = at + 40;
  // Hop-by-hop options, routing header, destination options (RFC 8200 §4).
  while (protocol === 0 || protocol === 43 || protocol === 60) {
    if (frame.byteLength < start + 8) return undefined;
    protocol = frame.getUint8(start);
    start += (frame.getUint8(start + 1) + 1) * 8;
  }
  const source = ipv6Text(frame, at + 8);
  const destination = ipv6Text(frame, at + 24);
  return { protocol, source, destination, ttl: frame.getUint8(at + 7), ipId: null, start, end };
}

function tcp(frame: DataView, ip: IpPacket): TcpSegment | undefined {
  const at = ip.start;
  if (frame.byteLength < at + 20) return undefined;
  const dataAt = at + (frame.getUint8(at + 12) >> 4) * 4;
  if (dataAt < at + 20 || dataAt > ip.end) return undefined;
  const bits = frame.getUint8(at + 13);
  return {
    protocol: 'tcp',
    ...ports(frame, ip),
    flags: FLAGS.filter(([, bit]) => bits & bit).map(([name]) => name),
    seq: frame.getUint32(at + 4),
    ack: frame.getUint32(at + 8),
    window: frame.getUint16(at + 14),
    length: ip.end - dataAt,
    ttl: ip.ttl,
    ipId: ip.ipId,
    payload: captured(frame, dataAt, ip.end),
  };
}

function udp(frame: DataView, ip: IpPacket): UdpDatagram | undefined {
  const at = ip.start;
  if (frame.byteLength < at + 8) return undefined;
  const end = at + frame.getUint16(at + 4);
  if (end < at + 8 || end > ip.end) return undefined;
  return { protocol: 'udp', ...ports(frame, ip), payload: captured(frame, at + 8, end) };
}

function ports(frame: DataView, ip: IpPacket): { source: Endpoint; destination: Endpoint } {
  return {
    source: { address: ip.source, port: frame.getUint16(ip.start) },
    destination: { address: ip.destination, port: frame.getUint16(ip.start + 2) },
  };
}

function captured(frame: DataView, start: number, end: number): Uint8Array {
  const from = Math.min(start, frame.byteLength);
  const until = Math.min(end, frame.byteLength);
  return new Uint8Array(frame.buffer, frame.byteOffset + from, until - from);
}

function ipv4Text(frame: DataView, at: number): string {
  return [0, 1, 2, 3].map((byte) => frame.getUint8(at + byte)).join('.');
}

function ipv6Text(frame: DataView, at: number): string {
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((byte) => frame.getUint16(at + byte).toString(16));
  return canonicalIpv6(groups.join(':'));
}
