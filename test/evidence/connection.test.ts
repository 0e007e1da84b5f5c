import test from 'ava';
import { connections, type Packet } from '../../runners/evidence/connection.ts';
import { type PcapRecord, writePcap } from '../../runners/evidence/pcap.ts';
import { fixture, hosts, randomFrom, read } from './pcap-fixture.ts';

function packetsOf(file: Uint8Array, { client, server } = hosts.v4): Packet[] {
  const { linkType, records } = read(file);
  return connections(records, {
    ...{ linkType, client, server },
    port: portOf(records, linkType, client),
  });
}

function portOf(records: readonly PcapRecord[], linkType = 1, client = hosts.v4.client): number {
  const frame = records[0]?.bytes ?? new Uint8Array();
  // All fixtures begin with a segment of the client: the server's port is the destination.
  const ports = linkType === 276 ? 40 : client.includes(':') ? 54 : 34;
  return ((frame[ports + 2] ?? 0) << 8) | (frame[ports + 3] ?? 0);
}

/** One line per packet: who, flags, seq-end, acknowledgment, marks. */
function lines(packets: Packet[]): string[] {
  return packets.map((packet) => {
    const { from, flags, seq, length, ack } = packet;
    const marks = (['retransmission', 'keepAlive', 'stateless'] as const).filter(
      (mark) => packet[mark],
    );
    const numbers = [length ? `${seq}+${length}` : seq, ...(ack === null ? [] : [`ack ${ack}`])];
    return [from, flags.join(), ...numbers, ...marks].join(' ');
  });
}

const handshake = ['client SYN 0', 'server SYN,ACK 0 ack 1', 'client ACK 1 ack 1'];
const request = ['client PSH,ACK 1+6 ack 1', 'server ACK 1 ack 7'];
const socketReset = [...handshake, ...request, 'server RST,ACK 1 ack 7'];
const resetAfterFin = [
  ...handshake,
  'server FIN,ACK 1 ack 1',
  'client ACK 1 ack 2',
  'client PSH,ACK 1+4 ack 2',
  'server RST 2 stateless',
];

const shapes: [string, keyof typeof hosts, string[]][] = [
  [
    'hello',
    'v4',
    [
      ...handshake,
      ...request,
      'server PSH,ACK 1+6 ack 7',
      'client ACK 7 ack 7',
      'server FIN,ACK 7 ack 7',
      'client FIN,ACK 7 ack 8',
      'server ACK 8 ack 8',
    ],
  ],
  ['abort', 'v4', socketReset],
  ['abort-any', 'v4', socketReset],
  ['abort6', 'v6', socketReset],
  ['unread', 'v4', socketReset],
  ['refused', 'v4', ['client SYN 0', 'server RST,ACK 0 ack 1 stateless']],
  ['refused6', 'v6', ['client SYN 0', 'server RST,ACK 0 ack 1 stateless']],
  ['write-after-close', 'v4', resetAfterFin],
  ['write-after-close6', 'v6', resetAfterFin],
  [
    'fin-wait-1',
    'v4',
    [...handshake, 'server FIN,ACK 1 ack 1', 'client PSH,ACK 1+4 ack 1', 'server RST 1 stateless'],
  ],
  [
    'retransmission',
    'v4',
    [
      ...handshake,
      'client PSH,ACK 1+6 ack 1',
      ...Array(3).fill('client PSH,ACK 1+6 ack 1 retransmission'),
      'server ACK 1 ack 7',
      'server RST,ACK 1 ack 7',
    ],
  ],
  [
    'keepalive',
    'v4',
    [
      ...handshake,
      'client PSH,ACK 1+1 ack 1',
      'server ACK 1 ack 2',
      'client ACK 1 ack 1 keepAlive',
      'server ACK 1 ack 2',
      'client ACK 1 ack 1 keepAlive',
      'client ACK 1 ack 1 keepAlive',
      'client RST,ACK 2 ack 1',
      'server FIN,ACK 1 ack 2',
      'client RST 2 stateless',
    ],
  ],
  [
    'midstream',
    'v4',
    [
      'client PSH,ACK 1+6 ack 1',
      'server ACK 1 ack 7',
      'server PSH,ACK 1+6 ack 7',
      'client ACK 7 ack 7',
      'server RST,ACK 7 ack 7',
    ],
  ],
  [
    'firewall-reject',
    'routed',
    [
      ...handshake,
      'server PSH,ACK 1+2 ack 1',
      'client ACK 1 ack 3',
      'client PSH,ACK 1+4 ack 3',
      'server RST 3 stateless',
      'client SYN 0',
      'server RST,ACK 0 ack 1 stateless',
      'server RST,ACK 3 ack 1',
    ],
  ],
];
for (const [name, where, expected] of shapes) {
  test(`the packets of ${name}`, (t) => {
    const packets = packetsOf(fixture(name), hosts[where]);
    t.deepEqual(lines(packets), expected);
    t.true(packets.every(({ from, to }) => from !== to));
    t.true(packets.every(({ relativeToSyn }) => relativeToSyn === (name !== 'midstream')));
  });
}

test('no two shapes are taken for each other', (t) => {
  const seen = shapes.map(([name, where]) => lines(packetsOf(fixture(name), hosts[where])).join());
  // abort and unread differ only in the kernel's evidence, the variants in links and addresses.
  const same = ['abort-any', 'abort6', 'unread', 'refused6', 'write-after-close6'];
  t.is(new Set(seen).size, shapes.length - same.length);
});

test('a reset from the firewall has travelled one hop less than the server', (t) => {
  const fromServer = packetsOf(fixture('firewall-reject'), hosts.routed).filter(
    ({ from }) => from === 'server',
  );
  t.deepEqual(
    fromServer.map(({ ttl, stateless }) => [ttl, stateless]),
    [
      [63, false],
      [63, false],
      [64, true],
      [64, true],
      [63, false],
    ],
  );
});

test('the same ports used twice are two connections', (t) => {
  const packets = packetsOf(fixture('reuse'));
  t.deepEqual(
    packets.map(({ connection }) => connection),
    [...Array(6).fill(1), ...Array(6).fill(2)],
  );
  t.deepEqual(lines(packets.slice(6)), socketReset);
});

test('connections that overlap are told apart by the client port', (t) => {
  const packets = packetsOf(fixture('overflow'));
  t.deepEqual([...new Set(packets.map(({ connection }) => connection))], [1, 2]);
  const of = (number: number) => lines(packets.filter(({ connection }) => connection === number));
  const oneByte = 'client PSH,ACK 1+1 ack 1';
  t.deepEqual(of(1), [...handshake, oneByte, 'server RST 1 stateless']);
  t.deepEqual(of(2), [...handshake, oneByte, 'server ACK 1 ack 2', 'server RST,ACK 1 ack 2']);
});

test('a repeated SYN is a retransmission, not another connection', (t) => {
  const { header, records } = read(fixture('refused'));
  const twice = writePcap(header, [...records.slice(0, 1), ...records]);
  t.deepEqual(lines(packetsOf(twice)), [
    'client SYN 0',
    'client SYN 0 retransmission',
    'server RST,ACK 0 ack 1 stateless',
  ]);
});

test('packets lead back to their records', (t) => {
  const { header, linkType, records } = read(fixture('overflow'));
  const selection = { linkType, ...hosts.v4, port: 5017 };
  const second = connections(records, selection).filter(({ connection }) => connection === 2);
  const file = writePcap(
    header,
    records.filter((_, index) => second.some((packet) => packet.index === index)),
  );
  const alone = connections(read(file).records, selection);
  t.deepEqual(lines(alone), lines(second));
  t.deepEqual(
    alone.map(({ timeUs }) => timeUs),
    second.map(({ timeUs }) => timeUs),
  );
});

test('only the selected hosts and port; addresses in any spelling', (t) => {
  const { linkType, records } = read(fixture('abort6'));
  const port = 5008;
  const pick = (client: string, server: string, at = port) =>
    connections(records, { linkType, client, server, port: at }).length;
  t.is(pick('FD09:0:0::0001', 'fd09:0:0:0:0:0:0:2'), 6);
  t.is(pick('fd09::2', 'fd09::1'), 0);
  t.is(pick('fd09::1', 'fd09::3'), 0);
  t.is(pick('fd09::1', 'fd09::2', 5009), 0);
  t.throws(() => pick('server', 'fd09::2'), { message: 'not an IP address: server' });
});

/** The capture with the bytes at an offset of one frame replaced. */
function edited(name: string, record: number, at: number, ...bytes: number[]): Buffer {
  const { header, records } = read(fixture(name));
  records[record]?.raw.set(bytes, 16 + at);
  return writePcap(header, records);
}

const FLAGS = 14 + 20 + 13;
const WINDOW = 14 + 20 + 14;
const IP_ID = 14 + 4;

test('a FIN where the reset was is another list of packets', (t) => {
  const packets = lines(packetsOf(edited('abort', 5, FLAGS, 0x11)));
  t.is(packets.at(-1), 'server FIN,ACK 1 ack 7');
  t.notDeepEqual(packets, socketReset);
});

test('what makes a reset stateless', (t) => {
  const last = (file: Buffer, where = hosts.v4) => packetsOf(file, where).at(-1)?.stateless;
  t.false(last(fixture('abort')));
  t.true(last(edited('abort', 5, FLAGS, 0x04)), 'without ACK no socket sent it');
  t.false(last(edited('abort', 5, IP_ID, 0, 0)), 'a socket may come to IP id 0');
  t.false(last(edited('abort', 5, WINDOW, 0, 0)), 'a socket may have a closed window');
  t.true(last(edited('refused', 1, IP_ID, 0, 0)));
  t.false(last(edited('refused', 1, IP_ID, 0, 1)));
  t.false(last(edited('refused', 1, WINDOW, 0, 1)));
  t.false(last(edited('refused', 1, FLAGS, 0x10)), 'not a reset');
  const window6 = 14 + 40 + 14;
  t.false(last(edited('abort6', 5, window6, 0, 0), hosts.v6), 'closed window in IPv6');
  t.true(last(edited('refused6', 1, window6, 0, 0), hosts.v6));
});

test('sequence numbers wrap', (t) => {
  for (const name of ['hello', 'retransmission', 'keepalive']) {
    const { header, records } = read(fixture(name));
    const expected = lines(packetsOf(fixture(name)));
    const frames = records.map(({ raw }) => Buffer.from(raw.buffer, raw.byteOffset + 16));
    const isn = frames[0]?.readUInt32BE(38) ?? 0;
    for (const frame of frames) {
      // Move the client's initial sequence number to the last before the wrap: in its own segments
      // the sequence number, in the server's the acknowledgment.
      const at = frame[29] === 1 ? 38 : 42;
      frame.writeUInt32BE((frame.readUInt32BE(at) - isn + 0xffffffff) >>> 0, at);
    }
    t.deepEqual(lines(packetsOf(writePcap(header, records))), expected);
  }
});

test('a repeated FIN is a retransmission', (t) => {
  const { header, records } = read(fixture('hello'));
  const file = writePcap(header, [...records.slice(0, 9), ...records.slice(8, 9)]);
  const [first, second] = lines(packetsOf(file)).slice(-2);
  t.is(first, 'client FIN,ACK 7 ack 8');
  t.is(second, `${first} retransmission`);
});

test('a one-byte write sent again is a retransmission until it is acknowledged', (t) => {
  const { header, records } = read(fixture('keepalive'));
  const again = (...indices: number[]) => {
    const chosen = indices.flatMap((index) => records[index] ?? []);
    return lines(packetsOf(writePcap(header, chosen))).at(-1);
  };
  t.is(again(0, 1, 2, 3, 3), 'client PSH,ACK 1+1 ack 1 retransmission');
  t.is(again(0, 1, 2, 3, 4, 3), 'client PSH,ACK 1+1 ack 1 keepAlive');
});

test('data that only overlaps what was sent is no retransmission', (t) => {
  const { header, records } = read(fixture('abort'));
  const longer = structuredClone(records[3]);
  if (!longer) return t.fail();
  longer.raw.set([0, 59], 16 + 14 + 2);
  const file = writePcap(header, [...records.slice(0, 4), longer]);
  t.is(lines(packetsOf(file)).at(-1), 'client PSH,ACK 1+7 ack 1');
});

test('any flipped bit of a frame gives packets, never an error', (t) => {
  const { linkType, records } = read(fixture('reuse'));
  const random = randomFrom(3);
  const started = process.cpuUsage();
  for (let round = 0; round < 3000; round += 1) {
    const damaged = records.map((record) => {
      const bytes = Buffer.from(record.bytes);
      const at = random(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      return { ...record, bytes };
    });
    for (const { seq, ack } of connections(damaged, { linkType, ...hosts.v4, port: 5019 })) {
      const numbers = [seq, ack ?? 0];
      if (numbers.some((number) => number < 0 || number >= 2 ** 32)) t.fail(`${numbers}`);
    }
  }
  t.true(process.cpuUsage(started).user < 2_000_000);
});

test('the client’s peer may be a load balancer: nothing else changes', (t) => {
  const { linkType, records } = read(fixture('write-after-close'));
  const select = (peer?: 'server' | 'balancer') =>
    connections(records, { linkType, ...hosts.v4, port: portOf(records), ...(peer && { peer }) });
  const plain = select();
  t.deepEqual(select('server'), plain);
  const proxied = select('balancer');
  t.deepEqual(
    lines(proxied),
    resetAfterFin.map((line) => line.replace('server', 'balancer')),
  );
  const other = (side: string) => (side === 'server' ? 'balancer' : side);
  t.deepEqual(
    proxied,
    plain.map((packet) => ({ ...packet, from: other(packet.from), to: other(packet.to) })) as never,
  );
});
