import test from 'ava';
import { diagram } from '../../runners/docs/diagram.ts';
import { segmentsOf } from '../../runners/docs/segments.ts';
import { tcpdumpLines } from '../../runners/docs/tcpdump.ts';
import type { Packet } from '../../runners/evidence/connection.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { packet, REQUEST, RESET, ran, type Said } from '../_observation.ts';
import { PASS, resultOf } from '../reports/_results.ts';

function cell(
  client: readonly Said[],
  server: readonly Said[],
  ...packets: readonly Packet[]
): CellResult {
  const got = [...REQUEST, ...packets].map((one, index) => ({ ...one, timeUs: 1_003_000 + index }));
  return resultOf({
    client: ran(client),
    server: ran(server),
    packets: { got },
    actions: [],
  });
}

const REPLY = packet('server', 'PSH ACK', { length: 14, ack: 15 });
const FINS = [
  packet('server', 'FIN ACK', { seq: 15, ack: 15 }),
  packet('client', 'FIN ACK', { seq: 15, ack: 16 }),
  packet('server', 'ACK', { seq: 16, ack: 16 }),
];
const REPLIED = [
  ['connect ok', 'send ok', 'read ok', 'close ok'],
  ['listen ok', 'accept ok', 'read ok', 'send ok', 'close ok'],
] as const;

test('a crash', (t) => {
  t.snapshot(`\n${diagram(PASS, 'direct').join('\n')}\n`);
  t.snapshot(`\n${tcpdumpLines(PASS, 'direct').join('\n')}\n`);
});

test('both close: the same text, whichever FIN comes first', (t) => {
  const serverFirst = cell(...REPLIED, REPLY, ...FINS);
  const clientFirst = cell(
    ...REPLIED,
    REPLY,
    packet('client', 'ACK', { seq: 15, ack: 15 }),
    packet('client', 'FIN ACK', { seq: 15, ack: 15 }),
    packet('server', 'FIN ACK', { seq: 15, ack: 16 }),
    packet('client', 'ACK', { seq: 16, ack: 16 }),
  );
  t.snapshot(`\n${diagram(serverFirst, 'direct').join('\n')}\n`);
  t.deepEqual(diagram(clientFirst, 'direct'), diagram(serverFirst, 'direct'));
  t.deepEqual(tcpdumpLines(clientFirst, 'direct'), tcpdumpLines(serverFirst, 'direct'));
});

test('a FIN that answers a FIN comes second, and no note says otherwise', (t) => {
  const eof = cell(
    ['connect ok', 'send ok', 'read eof', 'close ok'],
    ['accept ok', 'read ok', 'close ok'],
    packet('server', 'FIN ACK', { ack: 15 }),
    packet('client', 'FIN ACK', { seq: 15, ack: 2 }),
  );
  const kinds = segmentsOf(eof).map(({ from, kind }) => `${from} ${kind}`);
  t.deepEqual(kinds.slice(-2), ['server fin', 'client fin']);
  t.false(diagram(eof, 'direct').join().includes('either'));
});

test('of acknowledgements, probes and retransmissions as many as tell something', (t) => {
  const data = { seq: 15, length: 21 };
  const probe = { seq: 35, ack: 1, keepAlive: true };
  const many = cell(
    ['connect ok', 'send ok', 'pause ok', 'send ok', 'read begin'],
    ['accept ok', 'read ok', 'wait begin'],
    packet('client', 'PSH ACK', data),
    ...[1, 2, 3].map(() => packet('client', 'PSH ACK', { ...data, retransmission: true })),
    packet('server', 'ACK', { ack: 36 }),
    ...[1, 2, 3].flatMap(() => [
      packet('client', 'ACK', probe),
      packet('server', 'ACK', { ack: 36 }),
    ]),
  );
  t.snapshot(`\n${diagram(many, 'direct').join('\n')}\n`);
});

test('a forged RST comes from the router, and the challenge ACK is shown', (t) => {
  const forged = cell(
    ...REPLIED,
    packet('server', 'RST', { seq: 1001, ttl: 255, stateless: true }),
    packet('client', 'ACK', { seq: 15 }),
    REPLY,
    ...FINS,
  );
  t.snapshot(`\n${diagram(forged, 'routed').join('\n')}\n`);
  t.snapshot(`\n${tcpdumpLines(forged, 'routed').join('\n')}\n`);
});

test('the length of a ClientHello depends on the library', (t) => {
  const of = (...lengths: readonly number[]) => {
    const hello: Packet[] = [];
    let seq = 1;
    for (const length of lengths) {
      hello.push(packet('client', 'PSH ACK', { seq, length }));
      seq += length;
    }
    const result = resultOf({
      client: ran(['connect ok', ['handshake', RESET]]),
      server: ran(['accept ok', 'wait ok', 'close ok']),
      packets: {
        got: [...REQUEST.slice(0, 3), ...hello, packet('server', 'RST ACK', { ack: seq })],
      },
      actions: [],
    });
    return { ...result, client: { ...result.client, program: 'ask-tls' } };
  };
  const [short, long] = [of(349), of(1448, 102)];
  t.deepEqual(diagram(short, 'direct'), diagram(long, 'direct'));
  t.deepEqual(tcpdumpLines(short, 'direct'), tcpdumpLines(long, 'direct'));
  t.regex(diagram(short, 'direct').join('\n'), /client->>server: ClientHello/);
});

test('what Mermaid would take for its own', (t) => {
  const odd = cell(
    ['connect ok', ['send', { type: 'Error', errno: null, message: 'a; b #1' }]],
    ['accept ok'],
  );
  t.regex(diagram(odd, 'direct').join('\n'), /Error: a#59; b #35;1/);
});
