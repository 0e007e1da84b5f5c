import test from 'ava';
import { parseResets, resetsBetween } from '../../runners/evidence/resets.ts';

// Linux 6.18, as trace_pipe printed them.
const REFUSED =
  '         python3-16929   [001] ..s1.  2994.627581: tcp_send_reset: skbaddr=00000000862420f9 skaddr=0000000000000000 src=192.0.2.2:25423 dest=192.0.2.1:35784 state=UNKNOWN reason=NO_SOCKET';
const RECEIVED =
  '         python3-16924   [001] ..s2.  2994.714478: tcp_receive_reset: family=AF_INET sport=53788 dport=25424 saddr=192.0.2.1 daddr=192.0.2.2 saddrv6=::ffff:192.0.2.1 daddrv6=::ffff:192.0.2.2 sock_cookie=87';
const ABORTED =
  '         python3-16924   [001] .N...  2994.714510: tcp_send_reset: skbaddr=0000000000000000 skaddr=00000000a9e09c2c src=192.0.2.2:25424 dest=192.0.2.1:53788 state=TCP_CLOSE reason=TCP_STATE';
const IN_IPV6 =
  '  java-1  [000] .....  1.000000: tcp_send_reset: skbaddr=0 skaddr=1 src=[::ffff:192.0.2.2]:25424 dest=[::ffff:192.0.2.1]:53788 state=TCP_CLOSE reason=TCP_ABORT_ON_CLOSE';
const BEFORE_6_10 =
  '  python3-1  [000] .....  1.000000: tcp_send_reset: skbaddr=0 skaddr=1 src=192.0.2.2:25424 dest=192.0.2.1:53788 state=TCP_CLOSE';

const SERVER_PORTS = [25_423, 25_424];

/** The two hosts of the lines above. */
function between(from: number, to: number) {
  const endpoint = (port: number) => ({
    address: SERVER_PORTS.includes(port) ? '192.0.2.2' : '192.0.2.1',
    port,
  });
  return { source: endpoint(from), destination: endpoint(to) };
}

test('resets of another port or of other hosts are not the cell’s', (t) => {
  const hosts = ['192.0.2.1', '192.0.2.2'];
  const all = parseResets([REFUSED, RECEIVED, ABORTED]);
  t.deepEqual(resetsBetween(all, hosts, 25_424), all.slice(1));
  t.deepEqual(resetsBetween(all, ['192.0.2.1', '192.0.2.9'], 25_424), []);
  t.deepEqual(resetsBetween(all, hosts, 53_788), all.slice(1));
});

test('a listener on all addresses is traced without its own', (t) => {
  const line = ABORTED.replace('src=192.0.2.2', 'src=0.0.0.0');
  t.is(resetsBetween(parseResets([line]), ['192.0.2.1', '192.0.2.2'], 25_424).length, 1);
});

test('a sent reset has its ports and the kernel’s reason', (t) => {
  t.deepEqual(parseResets([REFUSED, ABORTED]), [
    { event: 'sent', ...between(25_423, 35_784), reason: 'NO_SOCKET' },
    { event: 'sent', ...between(25_424, 53_788), reason: 'TCP_STATE' },
  ]);
});

test('a received reset has the ports of the socket that received it, and no reason', (t) => {
  t.deepEqual(parseResets([RECEIVED]), [
    { event: 'received', ...between(53_788, 25_424), reason: null },
  ]);
});

test('a reset between IPv6 sockets is read', (t) => {
  t.deepEqual(parseResets([IN_IPV6]), [
    { event: 'sent', ...between(25_424, 53_788), reason: 'TCP_ABORT_ON_CLOSE' },
  ]);
});

test('a kernel before Linux 6.10 states no reason', (t) => {
  t.deepEqual(parseResets([BEFORE_6_10]), [
    { event: 'sent', ...between(25_424, 53_788), reason: null },
  ]);
});

test('other lines of the trace are left out, and the order is kept', (t) => {
  const lines = ['', 'CPU:0 [LOST 3 EVENTS]', RECEIVED, 'x: tracing_mark_write: end', REFUSED];
  t.deepEqual(
    parseResets(lines).map(({ event }) => event),
    ['received', 'sent'],
  );
});
