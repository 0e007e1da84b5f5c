import { readFileSync } from 'node:fs';
import { PcapReader, type PcapRecord } from '../../runners/evidence/pcap.ts';

/**
 * The fixtures are real: tcpdump -s 256 on the client's interface, Linux 6.18, Python sockets in
 * two network namespaces joined by a veth pair (client 10.9.0.1 or fd09::1, server 10.9.0.2 or
 * fd09::2); in firewall-reject a third namespace between them forwards and rejects by nftables.
 */
export const hosts = {
  v4: { client: '10.9.0.1', server: '10.9.0.2' },
  v6: { client: 'fd09::1', server: 'fd09::2' },
  routed: { client: '10.8.1.2', server: '10.8.2.2' },
};

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}.pcap`, import.meta.url));
}

export function read(file: Uint8Array): {
  header: Uint8Array;
  linkType: number;
  records: PcapRecord[];
} {
  const reader = new PcapReader();
  const records = reader.push(file);
  reader.end();
  const { header, linkType } = reader;
  if (!header || linkType === undefined) throw new Error('no header');
  return { header, linkType, records };
}

/** A capture as a machine of either byte order would have written it. */
export function pcap(options: {
  littleEndian?: boolean;
  nanoseconds?: boolean;
  snapLength?: number;
  version?: number;
  linkType?: number;
  records?: { seconds: number; fraction: number; bytes: Uint8Array; captured?: number }[];
}): Buffer {
  const { littleEndian = true, nanoseconds = false } = options;
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    if (littleEndian) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  };
  const half = (value: number) =>
    word(value)
      .subarray(littleEndian ? 0 : 2)
      .subarray(0, 2);
  const parts = [word(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4), half(options.version ?? 2), half(4)];
  parts.push(word(0), word(0), word(options.snapLength ?? 256), word(options.linkType ?? 1));
  for (const { seconds, fraction, bytes, captured = bytes.length } of options.records ?? []) {
    parts.push(word(seconds), word(fraction), word(captured), word(bytes.length));
    parts.push(Buffer.from(bytes));
  }
  return Buffer.concat(parts);
}

/** Random numbers below `limit` that are the same in every run (Park and Miller's generator). */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 0x7fffffff;
    return state % limit;
  };
}
