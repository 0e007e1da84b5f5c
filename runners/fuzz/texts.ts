import { PassThrough } from 'node:stream';
import { Agent } from '../engines/agent/agent.ts';
import { Lines } from '../engines/agent/lines.ts';
import { interpolate } from '../engines/docker/interpolation.ts';
import { difference, parseCounters } from '../evidence/counters.ts';
import { parseResets, resetsBetween } from '../evidence/resets.ts';
import { parseSockets } from '../evidence/sockets.ts';
import { readReport } from '../evidence/steps.ts';
import { plain } from '../reports/terminal/text.ts';
import { holds, type Target } from './target.ts';

/** As many lines as the agent passes on of a program, and as long: see agent.sh. */
const MOST_LINES = 1001;
const LONGEST_LINE = 3500;

/** What a program reports of its steps. */
export const steps: Target = {
  name: 'steps',
  seeds: texts(
    '1700000000000000\truntime\tok\t3.13.5\n1700000000001000\tconnect\tbegin\n1700000000002000\tconnect\tok\n',
    '1\tread\tbegin\n2\tread\terror\tConnectionResetError\tECONNRESET\t[Errno 104] Connection reset by peer\n',
    '1\twork\tbegin\n2\tstop\tbegin\n3\tstop\tok\n4\twork\teof\n5\tread\terror\tError\t-\ta\\tb\\\\n\n',
  ),
  read(input) {
    const lines = linesOf(input)
      .slice(0, MOST_LINES)
      .map((line) => line.slice(0, LONGEST_LINE));
    const { version, steps: found, malformed } = readReport(lines);
    holds('no more steps than lines', found.length + malformed.length <= lines.length);
    for (const { beganUs, end } of found) {
      holds('a time is a whole number', Number.isInteger(beganUs) && beganUs >= 0);
      holds('an end has a time', end === null || Number.isInteger(end.timeUs));
    }
    const kinds = found.map(({ step, end }) => `${step} ${end?.outcome}`);
    return [version === null, malformed.length > 0, ...new Set(kinds)].join();
  },
};

/** What an agent says, with a request and a program under way. */
export const agent: Target = {
  name: 'agent',
  seeds: texts(
    'ready 1\n= 1 one\n. 1 0\np client pid 7\np client step 1\tconnect\tbegin\np client times 12\np client exit 0\n',
    'late\nready 12\np client exit 137\n. 1 1\n. 2 0\n',
  ),
  read(input) {
    const output = new PassThrough();
    const spoken = new Agent('client', { input: new PassThrough(), output });
    const program = spoken.start('client', '/', ['true']);
    const answer = spoken.ask('counters');
    for (const promise of [spoken.ready, program.pid, program.exited, answer]) {
      promise.catch(() => {});
    }
    // Not through the stream, which would hand it on later: what is thrown must be seen here.
    output.emit('data', input);
    output.emit('end');
    return [program.status !== undefined, program.isLost, program.lines.length > 0].join();
  },
};

/** /proc/net/tcp, and `ss`. */
export const sockets: Target = {
  name: 'sockets',
  seeds: texts(
    '   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n',
    '   1: 00000000000000000000000001000000:1388 00000000000000000000000001000000:9C40 06 00000000:00000000 03:00000EA6 00000000     0        0 0 3 0\n',
    'LISTEN 0 100 0.0.0.0:5000 0.0.0.0:*\n',
    'FIN-WAIT-2 0 0 [::ffff:10.0.0.1]:5000 [::ffff:10.0.0.2]:40000 timer:(timewait,59sec,0)\n',
  ),
  read(input) {
    const lines = linesOf(input);
    const found = parseSockets(lines);
    holds('no more sockets than lines', found.length <= lines.length);
    return [...new Set(found.map(({ state, timer }) => `${state} ${timer}`))].join();
  },
};

/** /proc/net/snmp and netstat. */
export const counters: Target = {
  name: 'counters',
  seeds: texts(
    'Tcp: RtoAlgorithm RtoMin OutRsts\nTcp: 1 200 3\nTcpExt: SyncookiesSent TCPAbortOnClose\nTcpExt: 0 1\n',
  ),
  read(input) {
    try {
      const found = Object.entries(difference({}, parseCounters(linesOf(input))));
      return [Math.min(found.length, 8), found.some(([, count]) => !(count >= 0))].join();
    } catch (error) {
      const { message } = error as Error;
      holds(
        'its one error is that of counters',
        /^the kernel's counters cannot be read/.test(message),
      );
      return 'unreadable';
    }
  },
};

/** The kernel's trace of resets. */
export const resets: Target = {
  name: 'resets',
  seeds: texts(
    '  python3-1 [000] b.... 1.1: tcp_send_reset: skbaddr=1 skaddr=2 src=198.18.0.2:5000 dest=198.18.0.1:40000 state=TCP_CLOSE reason=TCP_ABORT_ON_CLOSE\n',
    '  <idle>-0 [000] ..s2. 1.1: tcp_receive_reset: family=AF_INET sport=40000 dport=5000 saddr=198.18.0.1 daddr=198.18.0.2 saddrv6=::ffff:198.18.0.1 daddrv6=::ffff:198.18.0.2 sock_cookie=1\n',
  ),
  read(input) {
    // The kernel's own lines are not longer than a page.
    const lines = linesOf(input).map((line) => line.slice(0, 4096));
    const found = parseResets(lines);
    holds('no more resets than lines', found.length <= lines.length);
    const between = resetsBetween(found, ['198.18.0.1', '198.18.0.2'], 5000);
    const kinds = found.map(({ event, reason }) => `${event} ${reason !== null}`);
    return [...new Set(kinds), between.length > 0].join();
  },
};

/** A text of a compose file. */
export const compose: Target = {
  name: 'compose',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose's own
  seeds: texts('${A:-b}', '$A', '$$A', '${A?it must be}', 'x${A-}y${B:?no}'),
  read(input) {
    const text = Buffer.from(input).toString();
    try {
      interpolate(text, { A: 'a', B: '' });
      return 'interpolated';
    } catch (error) {
      const { message } = error as Error;
      const isOwn = /is not set|has a \$ which is not understood/.test(message);
      holds('its errors are those that it documents', isOwn);
      return message.includes('is not set') ? 'not set' : 'not understood';
    }
  },
};

/** Text of programs on its way to a terminal. */
export const terminal: Target = {
  name: 'terminal',
  seeds: texts('Connection reset by peer', '\u001b]52;c;AAAA\u0007', '\u202e\u200b\u009b31m é接'),
  read(input) {
    const shown = plain(Buffer.from(input).toString());
    // All that moves a cursor, begins a sequence, is not seen, or turns the direction of writing.
    const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
    holds('nothing that controls a terminal is left', !controls.test(shown));
    return shown.includes('\\x') ? 'with controls' : 'without';
  },
};

function texts(...all: readonly string[]): Uint8Array[] {
  return all.map((text) => Buffer.from(text));
}

function linesOf(input: Uint8Array): string[] {
  const lines = new Lines();
  return [...lines.push(input), ...lines.push(Uint8Array.of(10))];
}
