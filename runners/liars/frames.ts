import type { Side } from '../evidence/connection.ts';
import { PcapReader, type PcapRecord, writePcap } from '../evidence/pcap.ts';
import { decodeFrame, type TcpSegment } from '../evidence/segment.ts';

/** A capture taken apart: the local engine's are of Ethernet and IPv4, in little-endian order. */
export type Frames = { readonly header: Uint8Array; readonly records: readonly PcapRecord[] };

/** @throws PcapError if it is no sound capture */
export function takenApart(pcap: Uint8Array): Frames {
  const reader = new PcapReader();
  const records = reader.push(pcap);
  reader.end();
  return { header: reader.header as Uint8Array, records };
}

export function together({ header, records }: Frames): Buffer {
  return writePcap(header, records);
}

const ETHERNET = { linkType: 1, header: 14 } as const;

/** The TCP segment of a frame; undefined if it has none. */
export function segmentOf({ bytes }: PcapRecord): TcpSegment | undefined {
  const segment = decodeFrame(ETHERNET.linkType, bytes);
  return segment?.protocol === 'tcp' ? segment : undefined;
}

/** Where the first segment with a flag is. */
export function placeOf(records: readonly PcapRecord[], flag: 'SYN' | 'FIN' | 'RST'): number {
  const place = records.findIndex((record) => segmentOf(record)?.flags.includes(flag));
  if (place < 0) throw new Error(`no segment with ${flag} was captured`);
  return place;
}

/** What of a frame can be forged. Checksums stay: nobody who captures holds them against the frame. */
export type Forgery = {
  readonly timeUs?: number;
  readonly ttl?: number;
  readonly ipId?: number;
  /** Addresses, in dotted decimal. */
  readonly from?: string;
  readonly to?: string;
  /** Ports. */
  readonly source?: number;
  readonly destination?: number;
  /** Added to the sequence number. */
  readonly seq?: number;
  readonly ack?: number;
  /** The eight bits, CWR first. */
  readonly flags?: number;
  readonly window?: number;
  /** Source and destination change places, addresses and ports. */
  readonly turned?: true;
};

export const FLAGS = { FIN: 0x01, RST: 0x04, ACK: 0x10 } as const;

/** A forged copy of a record. */
export function forged(record: PcapRecord, forgery: Forgery): PcapRecord {
  const raw = record.raw.slice();
  const all = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const timeUs = forgery.timeUs ?? record.timeUs;
  all.setUint32(0, Math.floor(timeUs / 1e6), true);
  all.setUint32(4, timeUs % 1e6, true);
  const bytes = raw.subarray(raw.length - record.bytes.length);
  const frame = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ip = ETHERNET.header;
  const tcp = ip + (frame.getUint8(ip) & 0x0f) * 4;
  if (forgery.turned) {
    swap(bytes, ip + 12, 4);
    swap(bytes, tcp, 2);
  }
  if (forgery.ipId !== undefined) frame.setUint16(ip + 4, forgery.ipId);
  if (forgery.ttl !== undefined) frame.setUint8(ip + 8, forgery.ttl);
  if (forgery.from !== undefined) bytes.set(forgery.from.split('.').map(Number), ip + 12);
  if (forgery.to !== undefined) bytes.set(forgery.to.split('.').map(Number), ip + 16);
  if (forgery.source !== undefined) frame.setUint16(tcp, forgery.source);
  if (forgery.destination !== undefined) frame.setUint16(tcp + 2, forgery.destination);
  if (forgery.seq !== undefined) frame.setUint32(tcp + 4, frame.getUint32(tcp + 4) + forgery.seq);
  if (forgery.ack !== undefined) frame.setUint32(tcp + 8, forgery.ack);
  if (forgery.flags !== undefined) frame.setUint8(tcp + 13, forgery.flags);
  if (forgery.window !== undefined) frame.setUint16(tcp + 14, forgery.window);
  return { ...record, timeUs, bytes, raw };
}

/** The two neighbours of `length` bytes from `at` change places. */
function swap(bytes: Uint8Array, at: number, length: number): void {
  const first = bytes.slice(at, at + length);
  bytes.copyWithin(at, at + length, at + 2 * length);
  bytes.set(first, at + length);
}

/** A record of which less was captured. */
export function cutTo(record: PcapRecord, length: number): PcapRecord {
  const raw = record.raw.slice(0, record.raw.length - record.bytes.length + length);
  new DataView(raw.buffer).setUint32(8, length, true);
  return { ...record, raw, bytes: raw.subarray(raw.length - length) };
}

/** A record of any bytes, at the time of another. */
export function recordOf({ raw }: PcapRecord, bytes: Uint8Array): PcapRecord {
  const header = raw.slice(0, 16);
  const fields = new DataView(header.buffer);
  fields.setUint32(8, bytes.length, true);
  fields.setUint32(12, bytes.length, true);
  const whole = Buffer.concat([header, bytes]);
  return { timeUs: 0, bytes, originalLength: bytes.length, raw: whole };
}

/** Whether a segment is of a side. */
export function isFrom(record: PcapRecord, side: Side, port: number): boolean {
  return (segmentOf(record)?.source.port === port) === (side !== 'client');
}
