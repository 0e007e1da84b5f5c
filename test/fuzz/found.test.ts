// What hostile captures have brought to light.
import test from 'ava';
import { connections, type Packet } from '../../runners/evidence/connection.ts';
import { judgePackets } from '../../runners/verdict/packets.ts';
import { packet } from '../_observation.ts';
import { fixture, hosts, read } from '../evidence/pcap-fixture.ts';

/** Processor time of something, in ms: the machine may be busy with something else. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('a capture of resets alone is judged in a time that grows with its length, not its square', (t) => {
  const many = (count: number): Packet[] => [
    packet('client', 'SYN', { seq: 0 }),
    ...Array.from({ length: count }, () => packet('server', 'RST ACK', { ttl: 9 })),
  ];
  const expected = { rst: { from: 'server', answers: 'data' }, fin: 'none' } as const;
  // At 10,000 it took minutes.
  const took = cost(() => judgePackets(expected, { got: many(10_000) }));
  t.true(took < 10_000, `${took.toFixed(0)} ms`);
});

test('ten thousand gaps between the bytes sent are followed in seconds', (t) => {
  const { linkType, records } = read(fixture('abort'));
  const [syn, data] = [records[0], records[3]];
  if (!syn || !data) throw new Error('the fixture has changed');
  const view = new DataView(syn.bytes.buffer, syn.bytes.byteOffset);
  const gaps = Array.from({ length: 10_000 }, (_, index) => {
    const bytes = data.bytes.slice();
    new DataView(bytes.buffer).setUint32(38, index * 100);
    return { ...data, bytes };
  });
  let packets: Packet[] = [];
  const took = cost(() => {
    packets = connections([syn, ...gaps], { linkType, ...hosts.v4, port: view.getUint16(36) });
  });
  t.is(packets.length, 10_001);
  t.true(took < 10_000, `${took.toFixed(0)} ms`);
});

test('ranges that were sent are joined in whatever order they come', (t) => {
  const { linkType, records } = read(fixture('abort'));
  const [syn, data] = [records[0], records[3]];
  if (!syn || !data) throw new Error('the fixture has changed');
  const port = new DataView(syn.bytes.buffer, syn.bytes.byteOffset).getUint16(36);
  const first = new DataView(data.bytes.buffer, data.bytes.byteOffset).getUint32(38);
  const at = (offset: number) => {
    const bytes = data.bytes.slice();
    new DataView(bytes.buffer).setUint32(38, first + offset);
    return { ...data, bytes };
  };
  // Six bytes each: gaps, the gap between two filled, an overlap on each side, repetitions.
  const offsets = [0, 12, 24, 6, 36, 9, 21, 27, 0, 33, 3, 30];
  const packets = connections([syn, ...offsets.map(at)], { linkType, ...hosts.v4, port });
  const repeated = packets.slice(1).map(({ retransmission }) => retransmission);
  const seen = new Set<number>();
  const expected = offsets.map((offset) => {
    const bytes = Array.from({ length: 6 }, (_, index) => offset + index);
    const isRepeated = bytes.every((byte) => seen.has(byte));
    for (const byte of bytes) seen.add(byte);
    return isRepeated;
  });
  t.deepEqual(repeated, expected);
  t.true(expected.includes(true) && expected.includes(false));
});
