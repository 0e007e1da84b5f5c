import test from 'ava';
import { PcapError, PcapReader, type PcapRecord, writePcap } from '../../runners/evidence/pcap.ts';
import { fixture, pcap, randomFrom, read } from './pcap-fixture.ts';

test('reads a capture of tcpdump', (t) => {
  const { header, linkType, records } = read(fixture('hello'));
  t.is(linkType, 1);
  t.is(header.length, 24);
  t.is(records.length, 10);
  t.true(records.every(({ bytes, originalLength }) => bytes.length === originalLength));
  t.regex(new Date((records[0]?.timeUs ?? 0) / 1000).toISOString(), /^20\d\d-/);
  const times = records.map(({ timeUs }) => timeUs);
  t.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});

for (const littleEndian of [true, false]) {
  for (const nanoseconds of [true, false]) {
    test(`${littleEndian ? 'little' : 'big'} endian, ${nanoseconds ? 'ns' : 'µs'}`, (t) => {
      const fraction = nanoseconds ? 123_456_789 : 123_456;
      const record = { seconds: 0xf0000000, fraction, bytes: Uint8Array.of(1, 2, 3) };
      const file = pcap({ littleEndian, nanoseconds, linkType: 276, records: [record, record] });
      const { linkType, records } = read(file);
      t.is(linkType, 276);
      t.is(records.length, 2);
      t.is(records[0]?.timeUs, 0xf0000000 * 1e6 + 123_456);
      t.deepEqual(records[1]?.bytes, Uint8Array.of(1, 2, 3));
    });
  }
}

test('the upper half of the link type field is not the link type', (t) => {
  t.is(read(pcap({ linkType: 0x14000001 })).linkType, 1);
});

test('a frame cut by the snap length keeps its original length', (t) => {
  const bytes = new Uint8Array(1500);
  const file = pcap({ records: [{ seconds: 1, fraction: 0, bytes, captured: 256 }] });
  const [record] = read(file.subarray(0, 24 + 16 + 256)).records;
  t.is(record?.originalLength, 1500);
  t.is(record?.bytes.length, 256);
});

test('writePcap gives back the file, or a sound one of some records', (t) => {
  const file = fixture('abort');
  const { header, records } = read(file);
  t.deepEqual(writePcap(header, records), file);
  const some = records.filter((_, index) => index % 2 === 1);
  t.deepEqual(read(writePcap(header, some)).records, some);
});

test('what is returned does not change as more comes', (t) => {
  const file = fixture('hello');
  const reader = new PcapReader();
  const records = reader.push(file);
  const before = structuredClone(records);
  for (let round = 0; round < 50; round += 1) reader.push(file.subarray(24));
  t.deepEqual(records, before);
});

test('every way to cut a capture in two, and single bytes, give the same records', (t) => {
  const file = fixture('hello');
  const { records } = read(file);
  for (let cut = 0; cut <= file.length; cut += 1) {
    const reader = new PcapReader();
    const got = [...reader.push(file.subarray(0, cut)), ...reader.push(file.subarray(cut))];
    reader.end();
    t.deepEqual(got, records);
  }
  const reader = new PcapReader();
  const got = [...file].flatMap((byte) => reader.push(Uint8Array.of(byte)));
  reader.end();
  t.deepEqual(got, records);
});

test('a capture that ends anywhere but after a record is said to be truncated', (t) => {
  const file = fixture('hello');
  const { records } = read(file);
  const ends = new Set([24]);
  for (const { raw } of records) ends.add(Math.max(...ends) + raw.length);
  for (let length = 0; length <= file.length; length += 1) {
    const reader = new PcapReader();
    const got = reader.push(file.subarray(0, length));
    t.deepEqual(got, records.slice(0, got.length));
    if (ends.has(length)) t.notThrows(() => reader.end());
    else t.throws(() => reader.end(), { instanceOf: PcapError, message: /ends/ });
  }
});

const damaged: [string, Buffer, RegExp][] = [
  ['pcapng', Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff', 'hex'), /not a pcap/],
  ['text', Buffer.from('tcpdump: eth0: No such device exists'), /not a pcap/],
  ['version', pcap({ version: 3 }), /version 3\.4/],
  ['snap length', pcap({ snapLength: 262_145 }), /snap length 262145/],
];
for (const [what, file, message] of damaged) {
  test(`refuses at once: ${what}`, (t) => {
    const reader = new PcapReader();
    t.throws(() => reader.push(file), { instanceOf: PcapError, message });
    t.throws(() => reader.push(file), { instanceOf: PcapError, message });
    t.throws(() => reader.end(), { instanceOf: PcapError, message });
  });
}

test('an absurd record length is refused when its header is there; records before it are kept', (t) => {
  const good = { seconds: 1, fraction: 0, bytes: Uint8Array.of(7) };
  for (const captured of [262_145, 0xffffffff]) {
    const file = pcap({ records: [good, { ...good, captured }] });
    const message = new RegExp(`record of ${captured} bytes`);
    const reader = new PcapReader();
    t.is(reader.push(file).length, 1);
    t.throws(() => reader.push(new Uint8Array()), { instanceOf: PcapError, message });
    t.throws(() => reader.end(), { instanceOf: PcapError, message });
  }
  const reader = new PcapReader();
  t.deepEqual(reader.push(pcap({ records: [{ ...good, captured: 262_144 }] })), []);
});

/** All that a damaged capture may do: give records and the documented error. */
function feed(file: Uint8Array, size: number): PcapRecord[] {
  const reader = new PcapReader();
  const records: PcapRecord[] = [];
  try {
    for (let at = 0; at < file.length; at += size) {
      records.push(...reader.push(file.subarray(at, at + size)));
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof PcapError)) throw error;
  }
  return records;
}

test('every flipped bit gives records and at most the documented error', (t) => {
  const file = fixture('abort');
  const started = performance.now();
  for (let bit = 0; bit < file.length * 8; bit += 1) {
    const flipped = Buffer.from(file);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const whole = feed(flipped, flipped.length);
    if (bit % 8 === 0) t.deepEqual(feed(flipped, 7), whole);
  }
  t.true(performance.now() - started < 2000);
});

test('random bytes, with and without a sound header, give at most the documented error', (t) => {
  const random = randomFrom(42);
  const started = performance.now();
  for (let round = 0; round < 500; round += 1) {
    const noise = Buffer.from(Array.from({ length: random(400) }, () => random(256)));
    t.deepEqual(feed(noise, 1 + random(50)), []);
    const file = Buffer.concat([pcap({}), noise]);
    const total = feed(file, 1 + random(50)).reduce((sum, { raw }) => sum + raw.length, 24);
    t.true(total <= file.length);
  }
  t.true(performance.now() - started < 2000);
});

test('the largest record in single bytes takes no quadratic time', (t) => {
  const bytes = new Uint8Array(262_144).fill(9);
  const file = pcap({ snapLength: 262_144, records: [{ seconds: 1, fraction: 0, bytes }] });
  const started = performance.now();
  t.deepEqual(feed(file, 1)[0]?.bytes, bytes);
  t.true(performance.now() - started < 2000);
});
