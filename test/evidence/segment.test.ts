import test from 'ava';
import { decodeFrame, type TcpSegment } from '../../runners/evidence/segment.ts';
import { fixture, randomFrom, read } from './pcap-fixture.ts';

const ETHERNET = 1;
const RAW = 101;
const SLL = 113;
const SLL2 = 276;

/** The client's `hello\n`: Ethernet, IPv4, TCP with timestamps. */
const hello = frameOf('abort', 3);
const hello6 = frameOf('abort6', 3);

function frameOf(name: string, index: number): Buffer {
  const bytes = read(fixture(name)).records[index]?.bytes;
  if (!bytes) throw new Error(`${name} has no record ${index}`);
  return Buffer.from(bytes);
}

function segment(linkType: number, frame: Uint8Array): TcpSegment {
  const decoded = decodeFrame(linkType, frame);
  if (decoded?.protocol !== 'tcp') throw new Error('not TCP');
  return decoded;
}

/** A copy of a frame with some bytes at an offset from the IP header replaced. */
function patched(frame: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(frame);
  copy.set(bytes, 14 + at);
  return copy;
}

test('IPv4 in Ethernet', (t) => {
  const { payload, seq, ack, ipId, source, ...rest } = segment(ETHERNET, hello);
  t.is(Buffer.from(payload).toString(), 'hello\n');
  t.is(seq, hello.readUInt32BE(38));
  t.is(ack, hello.readUInt32BE(42));
  t.is(ipId, hello.readUInt16BE(18));
  t.deepEqual(source, { address: '10.9.0.1', port: hello.readUInt16BE(34) });
  t.deepEqual(rest, {
    protocol: 'tcp',
    destination: { address: '10.9.0.2', port: 5002 },
    flags: ['PSH', 'ACK'],
    window: 63,
    length: 6,
    ttl: 64,
  });
});

test('IPv6 in Ethernet', (t) => {
  const { payload, source, destination, flags, length, ttl, ipId } = segment(ETHERNET, hello6);
  t.is(Buffer.from(payload).toString(), 'hello\n');
  t.deepEqual([source.address, destination.address], ['fd09::1', 'fd09::2']);
  t.is(destination.port, 5008);
  t.deepEqual(
    { flags, length, ttl, ipId },
    { flags: ['PSH', 'ACK'], length: 6, ttl: 64, ipId: null },
  );
});

test('a capture on all interfaces (SLL2)', (t) => {
  const { linkType, records } = read(fixture('abort-any'));
  t.is(linkType, SLL2);
  const flags = records.map(({ bytes }) => segment(linkType, bytes).flags.join());
  t.deepEqual(flags, ['SYN', 'SYN,ACK', 'ACK', 'PSH,ACK', 'ACK', 'RST,ACK']);
});

test('the same packet in other links', (t) => {
  const packet = hello.subarray(14);
  const expected = segment(ETHERNET, hello);
  const sll = Buffer.concat([Buffer.alloc(14), Buffer.from([0x08, 0x00]), packet]);
  t.deepEqual(segment(SLL, sll), expected);
  t.deepEqual(segment(RAW, packet), expected);
  t.deepEqual(segment(RAW, hello6.subarray(14)), segment(ETHERNET, hello6));
  const addresses = hello.subarray(0, 12);
  const tag = Buffer.from([0x81, 0x00, 0x00, 0x05]);
  const outer = Buffer.from([0x88, 0xa8, 0x00, 0x06]);
  t.deepEqual(segment(ETHERNET, Buffer.concat([addresses, tag, hello.subarray(12)])), expected);
  const twice = Buffer.concat([addresses, outer, tag, hello.subarray(12)]);
  t.deepEqual(segment(ETHERNET, twice), expected);
});

test('every flag, in the documented order', (t) => {
  t.deepEqual(segment(ETHERNET, patched(hello, 33, 0xff)).flags, [
    ...(['SYN', 'FIN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const),
  ]);
  t.deepEqual(segment(ETHERNET, patched(hello, 33, 0)).flags, []);
});

test('the length is that of IP: without padding, and beyond the snap length', (t) => {
  const padded = segment(ETHERNET, Buffer.concat([hello, Buffer.alloc(20)]));
  t.deepEqual(padded, segment(ETHERNET, hello));
  const large = segment(ETHERNET, patched(hello, 2, 0x05, 0xdc));
  t.is(large.length, 1500 - 52);
  t.is(large.payload.length, 6);
  const headerOnly = segment(ETHERNET, hello.subarray(0, 14 + 40));
  t.is(headerOnly.length, 6);
  t.is(headerOnly.payload.length, 0);
});

test('IPv4 options are skipped', (t) => {
  const ip = Buffer.concat([hello.subarray(14, 34), Buffer.alloc(8, 1), hello.subarray(34)]);
  ip[0] = 0x47;
  ip.writeUInt16BE(ip.length, 2);
  t.deepEqual(segment(RAW, ip), segment(ETHERNET, hello));
});

test('IPv6 extension headers are skipped, fragments are not decoded', (t) => {
  const chain = (types: number[]) => {
    const headers = types.map((_, index) => {
      const header = Buffer.alloc(16);
      header[0] = types[index + 1] ?? 6;
      header[1] = 1;
      return header;
    });
    const ip = Buffer.concat([hello6.subarray(14, 54), ...headers, hello6.subarray(54)]);
    ip[6] = types[0] ?? 6;
    ip.writeUInt16BE(ip.length - 40, 4);
    return ip;
  };
  t.deepEqual(segment(RAW, chain([0, 60, 43])), segment(ETHERNET, hello6));
  t.is(decodeFrame(RAW, chain([44])), undefined);
  t.is(decodeFrame(RAW, chain([0, 44])), undefined);
});

test('IPv6 addresses as RFC 5952 writes them', (t) => {
  const text = (hex: string) => {
    const frame = Buffer.from(hello6);
    frame.write(hex, 14 + 8, 'hex');
    return segment(ETHERNET, frame).source.address;
  };
  t.is(text('00000000000000000000000000000001'), '::1');
  t.is(text('00000000000000000000000000000000'), '::');
  t.is(text('20010db8000000000001000000000001'), '2001:db8::1:0:0:1');
  t.is(text('20010db8000000010001000100010001'), '2001:db8:0:1:1:1:1:1');
  t.is(text('fd00000a000000000000000000000000'), 'fd00:a::');
});

test('UDP', (t) => {
  const head = Buffer.from([0x45, 0, 0, 31, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
  const udp = Buffer.from([0x30, 0x39, 0, 53, 0, 11, 0, 0, 1, 2, 3]);
  t.deepEqual(decodeFrame(RAW, Buffer.concat([head, udp])), {
    protocol: 'udp',
    source: { address: '10.0.0.1', port: 12_345 },
    destination: { address: '10.0.0.2', port: 53 },
    payload: new Uint8Array([1, 2, 3]),
  });
  for (let length = 0; length < 28; length += 1) {
    t.is(decodeFrame(RAW, Buffer.concat([head, udp]).subarray(0, length)), undefined);
  }
  udp.writeUInt16BE(12, 4);
  t.is(decodeFrame(RAW, Buffer.concat([head, udp])), undefined, 'longer than its IP packet');
});

const malformed: [string, Buffer][] = [
  ['IP version 5', patched(hello, 0, 0x55)],
  ['IPv4 header of 16 bytes', patched(hello, 0, 0x44)],
  ['IPv4 total length below its header', patched(hello, 2, 0, 19)],
  ['IPv4 total length 0', patched(hello, 2, 0, 0)],
  ['IPv4 first fragment', patched(hello, 6, 0x20, 0)],
  ['IPv4 later fragment', patched(hello, 6, 0, 1)],
  ['another protocol', patched(hello, 9, 1)],
  ['TCP header of 16 bytes', patched(hello, 32, 0x40)],
  ['TCP header longer than its packet', patched(hello, 32, 0xf0)],
  ['IPv6 payload length 0', patched(hello6, 4, 0, 0)],
  ['another EtherType', patched(hello, -2, 0x08, 0x06)],
];
for (const [what, frame] of malformed) {
  test(`is nothing: ${what}`, (t) => t.is(decodeFrame(ETHERNET, frame), undefined));
}

test('is nothing: an unknown link type', (t) => t.is(decodeFrame(147, hello), undefined));

test('cut at every byte, in every link type: the same header or nothing', (t) => {
  for (const frame of [hello, hello6]) {
    const { payload, ...expected } = segment(ETHERNET, frame);
    for (let length = 0; length < frame.length; length += 1) {
      const cut = decodeFrame(ETHERNET, frame.subarray(0, length));
      if (cut) t.like(cut, expected);
      for (const linkType of [RAW, SLL, SLL2]) {
        t.notThrows(() => decodeFrame(linkType, frame.subarray(0, length)));
      }
    }
  }
});

test('flipped bits and noise never throw nor read outside the frame', (t) => {
  const random = randomFrom(7);
  const started = performance.now();
  const check = (linkType: number, frame: Uint8Array) => {
    // Within a larger buffer a read past the end would not throw, so look at the payload's place.
    const inside = Buffer.concat([Buffer.alloc(32, 0xee), frame, Buffer.alloc(64, 0xee)]);
    const window = inside.subarray(32, 32 + frame.length);
    const payload = decodeFrame(linkType, window)?.payload;
    if (!payload) return;
    const end = payload.byteOffset + payload.length;
    if (payload.byteOffset < window.byteOffset || end > window.byteOffset + window.length) {
      t.fail('payload outside the frame');
    }
    t.deepEqual(decodeFrame(linkType, Buffer.from(frame))?.payload, payload);
  };
  for (const frame of [hello, hello6]) {
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = Buffer.from(frame);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      check(ETHERNET, flipped);
    }
  }
  for (let round = 0; round < 5000; round += 1) {
    const noise = Buffer.from(Array.from({ length: random(120) }, () => random(256)));
    // Half of the noise looks like IP, to get past the first checks.
    if (round % 2 && noise.length > 9) noise.set([random(2) ? 0x45 : 0x60], 0);
    for (const linkType of [ETHERNET, RAW, SLL, SLL2]) check(linkType, noise);
  }
  t.true(performance.now() - started < 2000);
  t.pass();
});
