/**
 * Reads a capture in the classic pcap format while it grows, and writes one.
 *
 * Source of the format: draft-ietf-opsawg-pcap ("PCAP Capture File Format").
 */

/** One captured frame. */
export interface PcapRecord {
  /** When it was captured, in whole microseconds since 1970-01-01 UTC. */
  timeUs: number;
  /** The link-layer frame, as far as the snap length let it be captured. */
  bytes: Uint8Array;
  /** Length of the frame on the link, in bytes; larger than `bytes` when it was cut. */
  originalLength: number;
  /** Record header and frame exactly as in the file, for {@link writePcap}. */
  raw: Uint8Array;
}

/** The stream is not a sound pcap capture. */
export class PcapError extends Error {
  override name = 'PcapError';
}

/**
 * Takes the bytes of a capture in chunks of any size, as tcpdump's standard output delivers them,
 * and gives the records as they become complete. Both byte orders, µs and ns timestamps.
 */
export class PcapReader {
  readonly #pending = new ByteQueue();
  #header: FileHeader | undefined;
  #failure: PcapError | undefined;

  /** The 24 bytes of the file's header; `undefined` until they have come. */
  get header(): Uint8Array | undefined {
    return this.#header?.bytes;
  }

  /** The LINKTYPE_ number (1 Ethernet, 113 SLL, 276 SLL2, 101 RAW, …); `undefined` until known. */
  get linkType(): number | undefined {
    return this.#header?.linkType;
  }

  /**
   * Takes the next bytes and returns the records that they complete.
   *
   * Records before a damaged place are still returned; the error is thrown by the call that has
   * none to return, and by every call after it: once the length fields cannot be trusted there is
   * no way to find the next record.
   *
   * @throws PcapError at a bad magic, version, snap length or record length
   */
  push(chunk: Uint8Array): PcapRecord[] {
    if (this.#failure) throw this.#failure;
    this.#pending.append(chunk);
    const records: PcapRecord[] = [];
    try {
      for (let next = this.#next(); next; next = this.#next()) records.push(next);
    } catch (error) {
      if (!(error instanceof PcapError)) throw error;
      this.#failure = error;
      if (records.length === 0) throw error;
    }
    return records;
  }

  /**
   * To be called when the stream has ended.
   *
   * @throws PcapError if it ended within the header or a record, or was damaged
   */
  end(): void {
    if (this.#failure) throw this.#failure;
    const left = this.#pending.length;
    if (!this.#header) throw new PcapError(`capture ends after ${left} of ${HEADER} header bytes`);
    if (left > 0) throw new PcapError(`capture ends ${left} bytes into a record`);
  }

  #next(): PcapRecord | undefined {
    this.#header ??= readHeader(this.#pending.take(HEADER));
    if (!this.#header) return undefined;
    const start = this.#pending.peek(RECORD_HEADER);
    if (!start) return undefined;
    const { littleEndian, ticksPerUs } = this.#header;
    const fields = view(start);
    const captured = fields.getUint32(8, littleEndian);
    if (captured > LARGEST) {
      throw new PcapError(`record of ${captured} bytes; the most that is sound is ${LARGEST}`);
    }
    const raw = this.#pending.take(RECORD_HEADER + captured);
    if (!raw) return undefined;
    const seconds = fields.getUint32(0, littleEndian);
    const fraction = Math.floor(fields.getUint32(4, littleEndian) / ticksPerUs);
    return {
      timeUs: seconds * 1e6 + fraction,
      bytes: raw.subarray(RECORD_HEADER),
      originalLength: fields.getUint32(12, littleEndian),
      raw,
    };
  }
}

/** A pcap file of some records of a capture. `header` is that capture's {@link PcapReader.header}. */
export function writePcap(header: Uint8Array, records: Iterable<PcapRecord>): Buffer {
  return Buffer.concat([header, ...Array.from(records, (record) => record.raw)]);
}

const HEADER = 24;
const RECORD_HEADER = 16;
/** libpcap's MAXIMUM_SNAPLEN: no frame that tcpdump writes is larger. */
const LARGEST = 262_144;

interface FileHeader {
  bytes: Uint8Array;
  littleEndian: boolean;
  ticksPerUs: 1 | 1000;
  linkType: number;
}

function readHeader(bytes: Uint8Array | undefined): FileHeader | undefined {
  if (!bytes) return undefined;
  const fields = view(bytes);
  for (const littleEndian of [true, false]) {
    const magic = fields.getUint32(0, littleEndian);
    if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) continue;
    const version = `${fields.getUint16(4, littleEndian)}.${fields.getUint16(6, littleEndian)}`;
    if (version !== '2.4') throw new PcapError(`pcap version ${version}, not 2.4`);
    const snap = fields.getUint32(16, littleEndian);
    if (snap > LARGEST) throw new PcapError(`snap length ${snap}; the largest is ${LARGEST}`);
    // The upper 16 bits of the last field tell of frame check sequences, not of the link.
    const linkType = fields.getUint32(20, littleEndian) & 0xffff;
    return { bytes, littleEndian, ticksPerUs: magic === 0xa1b2c3d4 ? 1 : 1000, linkType };
  }
  throw new PcapError(
    `not a pcap capture: begins with ${Buffer.from(bytes).toString('hex', 0, 4)}`,
  );
}

/** Holds at most one incomplete record and one chunk; grows by doubling, so tiny chunks are cheap. */
class ByteQueue {
  #buffer = new Uint8Array(4096);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#buffer.length) {
      const kept = this.#buffer.subarray(this.#start, this.#end);
      const needed = kept.length + chunk.length;
      if (needed * 2 > this.#buffer.length) this.#buffer = new Uint8Array(needed * 2);
      this.#buffer.set(kept);
      [this.#start, this.#end] = [0, kept.length];
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next bytes without removing them, or `undefined` if there are fewer. */
  peek(count: number): Uint8Array | undefined {
    if (this.length < count) return undefined;
    return this.#buffer.subarray(this.#start, this.#start + count);
  }

  /** Removes the next bytes and returns a copy, or `undefined` if there are fewer. */
  take(count: number): Uint8Array | undefined {
    const bytes = this.peek(count)?.slice();
    if (bytes) this.#start += count;
    return bytes;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
