import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expectation } from '../catalog/expectation.ts';
import { connections, type Packet, type Selection } from '../evidence/connection.ts';
import { PcapError, PcapReader, type PcapRecord, writePcap } from '../evidence/pcap.ts';
import { type Datagram, decodeFrame } from '../evidence/segment.ts';
import { inProject } from '../paths.ts';
import type { Random } from '../random.ts';
import { judgePackets } from '../verdict/packets.ts';
import { holds, type Target } from './target.ts';

const FIXTURES = inProject('test/evidence/fixtures');

/** Link types: those that are decoded, and one that is not. */
const LINKS = [1, 101, 113, 276, 0];

/** Real captures. */
const FILES = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.pcap'))
  .map((name) => readFileSync(join(FIXTURES, name)));

/** Expectations of all kinds: each takes another way through the judgement. */
const EXPECTED: readonly Expectation['packets'][] = [
  { rst: 'none', fin: 'both' },
  { rst: { from: 'server', kind: 'socket' }, fin: 'none' },
  {
    rst: [
      { from: 'server', kind: 'stateless', answers: 'data' },
      { from: 'client', by: 'middlebox' },
    ],
    fin: 'client',
  },
];

/** From the bytes of a capture to the finding about its packets. */
export const capture: Target = {
  name: 'capture',
  seeds: FILES,
  read(input, random) {
    const whole = readAll([input]);
    const inPieces = readAll(pieces(input, random));
    holds('pieces of any size give the same records', same(whole.records, inPieces.records));
    const { records, reader } = whole;
    const size = records.reduce((sum, { raw }) => sum + raw.length, 0);
    holds('records are made of the bytes of the capture', size <= input.length);
    const { header, linkType } = reader;
    if (header === undefined || linkType === undefined) {
      holds('without a header there is no record', records.length === 0);
      return whole.problem;
    }
    const again = readAll([writePcap(header, records)]);
    holds('a capture that was written is read as the same', same(records, again.records));
    const packets = connections(records, selectionIn(records, linkType));
    checkPackets(packets, records);
    const findings = EXPECTED.map((one) => judgePackets(one, { got: packets }));
    return [
      ...[whole.problem, linkType, magnitude(records.length), magnitude(packets.length)],
      ...new Set(packets.map(kindOf)),
      ...findings.map(({ observed }) => observed),
    ].join();
  },
};

/** A frame alone, of each kind of link: its first byte says which. */
export const frame: Target = {
  name: 'frame',
  seeds: FILES.flatMap((file) => {
    const { records, reader } = readAll([file]);
    const link = LINKS.indexOf(reader.linkType ?? 1);
    return records.map(({ bytes }) => Buffer.concat([Uint8Array.of(link), bytes]));
  }),
  read(input) {
    const bytes = input.subarray(1);
    const linkType = LINKS[(input[0] ?? 0) % LINKS.length] ?? 1;
    const decoded = decodeFrame(linkType, bytes);
    if (decoded === undefined) return 'nothing';
    checkDatagram(decoded, bytes);
    const { source, protocol } = decoded;
    const version = source.address.includes(':') ? 6 : 4;
    const rest = decoded.protocol === 'tcp' ? decoded.flags : [];
    return [linkType, protocol, version, decoded.payload.length > 0, ...rest].join();
  },
};

type AllRead = {
  readonly reader: PcapReader;
  readonly records: readonly PcapRecord[];
  readonly problem: string;
};

function readAll(chunks: readonly Uint8Array[]): AllRead {
  const reader = new PcapReader();
  const records: PcapRecord[] = [];
  let problem = 'whole';
  try {
    for (const chunk of chunks) records.push(...reader.push(chunk));
    reader.end();
  } catch (error) {
    if (!(error instanceof PcapError)) throw error;
    problem = error.message.replaceAll(/[\da-f]+/g, '#');
  }
  return { reader, records, problem };
}

function pieces(input: Uint8Array, random: Random): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const longest = random.pick([16, 256, 65_536]);
  for (let at = 0; at < input.length; ) {
    const next = at + 1 + random.below(longest);
    chunks.push(input.subarray(at, next));
    at = next;
  }
  return chunks;
}

function same(some: readonly PcapRecord[], others: readonly PcapRecord[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ raw, timeUs }, place) => {
      const other = others[place];
      return other?.timeUs === timeUs && Buffer.compare(raw, other.raw) === 0;
    })
  );
}

/** The connections of the first segment's ends: changes must not make all segments those of others. */
function selectionIn(records: readonly PcapRecord[], linkType: number): Selection {
  for (const { bytes } of records) {
    const first = decodeFrame(linkType, bytes);
    if (first?.protocol !== 'tcp') continue;
    const { source, destination } = first;
    return {
      linkType,
      client: source.address,
      server: destination.address,
      port: destination.port,
    };
  }
  return { linkType, client: '10.9.0.1', server: '10.9.0.2', port: 5000 };
}

function checkDatagram(datagram: Datagram, bytes: Uint8Array): void {
  const { payload, source, destination } = datagram;
  const start = payload.byteOffset - bytes.byteOffset;
  holds(
    'a payload is of the bytes of its frame',
    payload.buffer === bytes.buffer && start >= 0 && start + payload.length <= bytes.length,
  );
  for (const { port } of [source, destination]) holds('a port has 16 bits', isWhole(port, 16));
  if (datagram.protocol !== 'tcp') return;
  const { seq, ack, window, length, ttl } = datagram;
  holds('numbers of TCP have 32 bits', isWhole(seq, 32) && isWhole(ack, 32));
  holds('lengths and windows have 16 bits', isWhole(length, 16) && isWhole(window, 16));
  holds('a time to live has 8 bits', isWhole(ttl, 8));
}

function checkPackets(packets: readonly Packet[], records: readonly PcapRecord[]): void {
  let before = -1;
  for (const { index, seq, ack, length, connection, timeUs } of packets) {
    holds('packets are of records, in their order', index > before && index < records.length);
    before = index;
    holds('relative numbers have 32 bits', isWhole(seq, 32) && (ack === null || isWhole(ack, 32)));
    holds('a length has 16 bits', isWhole(length, 16));
    holds('a connection is counted from 1', connection >= 1 && connection <= packets.length);
    holds('a time is a whole number of µs', Number.isSafeInteger(timeUs) && timeUs >= 0);
  }
}

function isWhole(number: number, bits: number): boolean {
  return Number.isInteger(number) && number >= 0 && number < 2 ** bits;
}

function kindOf({ from, flags, retransmission, keepAlive, stateless }: Packet): string {
  return [from, flags.join('+'), retransmission, keepAlive, stateless].join(' ');
}

/** So that a new number alone is nothing new. */
function magnitude(count: number): number {
  return Math.ceil(Math.log2(count + 1));
}
