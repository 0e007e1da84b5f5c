import type { OwnDifference } from '../../../runners/catalog/difference.ts';
import type { Errno } from '../../../runners/catalog/errno.ts';
import { type Face, language, type Surprise } from '../../../runners/catalog/language.ts';

/** Node's message names the system call and the errno. */
const face = (errno: Errno, message: string): Face => ({ type: 'Error', errno, message });

// Node reads unasked, so what a read meets also ends a step that only waits.
const unasked = {
  ECONNRESET: face('ECONNRESET', 'read ECONNRESET'),
  ECONNABORTED: face('ECONNABORTED', 'read ECONNABORTED'),
  ETIMEDOUT: face('ETIMEDOUT', 'read ETIMEDOUT'),
  EHOSTUNREACH: face('EHOSTUNREACH', 'read EHOSTUNREACH'),
};

const connecting = {
  ECONNREFUSED: face('ECONNREFUSED', 'connect ECONNREFUSED {address}:{port}'),
  // When the RST follows at once on the handshake; a little later another step meets it.
  ECONNRESET: face('ECONNRESET', 'connect ECONNRESET {address}:{port}'),
  ETIMEDOUT: face('ETIMEDOUT', 'connect ETIMEDOUT {address}:{port}'),
  EHOSTUNREACH: face('EHOSTUNREACH', 'connect EHOSTUNREACH {address}:{port}'),
};

const handshaking = {
  ECONNRESET: face('ECONNRESET', 'read ECONNRESET'),
  // The errno is that of a reset, but no reset has come.
  EOF: face(
    'ECONNRESET',
    'Client network socket disconnected before secure TLS connection was established',
  ),
};

/** The server needs half-open connections in any case. */
const asServer: readonly OwnDifference[] = [
  {
    ...{ lab: 'wrong-protocol', variant: 'plain-to-tls', as: 'server', expect: 'all was read' },
    because:
      'Node reads all that has come before TLS looks at it, so nothing is unread when it closes: FIN',
    link: 'https://github.com/nodejs/node/blob/v20.19.2/src/crypto/crypto_tls.cc#L1119-L1137',
  },
  {
    ...{ lab: 'fd-exhaustion', variant: 'queued', as: 'server', expect: 'accepted and closed' },
    because:
      'Node keeps a descriptor in reserve to accept such connections and to close them at once, here with the request unread',
    link: 'https://github.com/libuv/libuv/blob/v1.46.0/src/unix/stream.c#L473-L506',
  },
];

/** Where a socket ends its own side on the end of file. */
const ENDS_TOO = 'https://github.com/nodejs/node/blob/v20.19.2/lib/net.js#L782-L786';

const endOfHandshake: Surprise = {
  what: 'renames an error',
  says: 'An end of file within a TLS handshake has the code ECONNRESET, though no RST has come.',
  labs: ['wrong-protocol'],
  link: 'https://nodejs.org/docs/v20.19.2/api/errors.html#common-system-errors',
};

/** The same programs, which take the option from there. */
const HALF_OPEN = ['node', '--env-file=half-open.env'];

const OF_NODE = 'the cures are those of plain Node.js';

export default language({
  title: 'Node.js',
  sources: [
    'ask.js',
    'ask-all.js',
    'ask-heartbeat.js',
    'ask-keepalive.js',
    'ask-pooled.js',
    'ask-retry.js',
    'ask-tls.js',
    'ask-twice.js',
    'ask-validated.js',
    'server.js',
    'server-graceful.js',
    'server-limits.js',
    'exhaust.js',
    'steps.js',
    'half-open.env',
    'package.json',
  ],
  run: {
    ask: ['node', 'ask.js'],
    'ask-twice': ['node', 'ask-twice.js'],
    'ask-all': ['node', 'ask-all.js'],
    'ask-pooled': ['node', 'ask-pooled.js'],
    'ask-tls': ['node', 'ask-tls.js'],
    'ask-keepalive': ['node', 'ask-keepalive.js'],
    'ask-retry': ['node', 'ask-retry.js'],
    'ask-heartbeat': ['node', 'ask-heartbeat.js'],
    'ask-validated': ['node', 'ask-validated.js'],
    server: ['node', 'server.js'],
    'server-graceful': ['node', 'server-graceful.js'],
    'server-limits': ['node', 'server-limits.js'],
  },
  toolchain: {
    commands: ['node'],
    version: ['node', '--version'],
    debian: 'nodejs',
  },
  style: [
    {
      name: 'biome',
      command: ['node_modules/.bin/biome', 'check', '--error-on-warnings', '{file}'],
      install: 'npm ci',
    },
  ],
  marks: [/\(node:[\w/]+:\d+:\d+\)/, /^(?:errno: -\d+|code: 'E[A-Z]+'|syscall: '\w+'),?$/],
  printed: [
    {
      ...{
        at: 'read',
        means: 'EOF',
        errno: 'ECONNRESET',
        type: 'Error',
        message: 'socket hang up',
      },
      note: 'Its code is ECONNRESET, but a FIN has come before the reply, and no RST.',
    },
    {
      ...{ at: 'read', means: 'EOF', type: 'SocketError', message: 'other side closed' },
      note: 'It is the cause of "fetch failed" and of "terminated".',
    },
    {
      ...{ at: 'read', means: 'TIMEOUT', type: 'TimeoutError' },
      message: 'The operation was aborted due to timeout',
    },
  ],
  // 20, which Debian 13 has, and each later one with long-term support (LTS).
  versions: [
    { name: '20', image: 'default', debian: 'nodejs', npm: 'node-linux-' },
    { name: '22', image: 'on request', npm: 'node-linux-' },
    { name: '24', image: 'on request', npm: 'node-linux-' },
    { name: '26', image: 'on request', npm: 'node-linux-' },
  ],
  // The faces are the same in all of them.
  seen: ['20.19.2', '20.20.2', '22.23.3', '24.21.0', '26.10.0'],
  faces: {
    connect: connecting,
    handshake: handshaking,
    send: {
      // Only when the RST came while Node was busy; else it has met the reset unasked before.
      ECONNRESET: face('ECONNRESET', 'write ECONNRESET'),
      // Node's own words, after a FIN and without a packet. The system's would be "write EPIPE".
      EPIPE: face('EPIPE', 'This socket has been ended by the other party'),
    },
    pause: unasked,
    validate: unasked,
    read: {
      ...unasked,
      TIMEOUT: { type: 'TimeoutError', errno: null, message: 'no sign of life from the server' },
    },
    wait: unasked,
  },
  differs: [
    {
      ...{ lab: 'closed-socket', as: 'client', expect: 'ended on the FIN' },
      because:
        'Node reads unasked: on the FIN it ends its own side too, so the next write fails before it reaches the wire',
      link: ENDS_TOO,
    },
    {
      ...{ lab: 'closed-socket', cure: 'graceful', as: 'client', expect: 'ended on the FIN' },
      because:
        'Node ends its own side on the FIN, so it cannot write any more; the reply is there all the same',
      link: ENDS_TOO,
    },
    {
      ...{ lab: 'idle-timeout', variant: 'closed', as: 'client', expect: 'ended on the FIN' },
      because:
        'Node reads unasked: on the FIN it ends its own side too, so the next write fails before it reaches the wire',
      link: ENDS_TOO,
    },
    ...asServer,
    {
      ...{ lab: 'close-race', as: 'client', expect: 'ended on the FIN' },
      because: 'Node reads unasked, so it may meet the FIN before it writes',
      link: 'https://nodejs.org/docs/v20.19.2/api/net.html#event-end',
    },
  ],
  surprises: [
    {
      what: 'acts unasked',
      says: 'Node reads without being asked and ends its own side when the FIN of the other side comes (allowHalfOpen is false): the next write fails before anything is sent.',
      labs: ['closed-socket', 'idle-timeout'],
      link: ENDS_TOO,
    },
    {
      what: 'renames an error',
      says: 'A write after the end of file is EPIPE by its code, but its message is "This socket has been ended by the other party", and no system call has failed.',
      labs: ['closed-socket'],
      link: ENDS_TOO,
    },
    endOfHandshake,
  ],
  flavours: {
    'half-open': {
      title: 'Node.js, allowHalfOpen',
      run: {
        ask: [...HALF_OPEN, 'ask.js'],
        'ask-twice': [...HALF_OPEN, 'ask-twice.js'],
        'ask-all': [...HALF_OPEN, 'ask-all.js'],
        'ask-pooled': [...HALF_OPEN, 'ask-pooled.js'],
        'ask-tls': [...HALF_OPEN, 'ask-tls.js'],
        server: ['node', 'server.js'],
      },
      lacks: {
        'ask-keepalive': OF_NODE,
        'ask-retry': OF_NODE,
        'ask-heartbeat': OF_NODE,
        'ask-validated': OF_NODE,
        'server-graceful': OF_NODE,
        'server-limits': OF_NODE,
      },
      // As a client it needs no difference: it goes on writing after the FIN, as others do.
      faces: {
        connect: connecting,
        handshake: handshaking,
        // The system's own: the second message went out, and the RST for it has come.
        send: { EPIPE: face('EPIPE', 'write EPIPE') },
        pause: unasked,
        read: unasked,
        wait: unasked,
      },
      differs: asServer,
      surprises: [endOfHandshake],
    },
  },
});
