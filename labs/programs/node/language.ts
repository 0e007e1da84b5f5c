import { type Errno, type Face, language } from '../../../runners/catalog/language.ts';

/** Node's message names the system call and the errno. */
const face = (errno: Errno, message: string): Face => ({ type: 'Error', errno, message });

// Node reads unasked, so what a read meets also ends a step that only waits.
const unasked = {
  ECONNRESET: face('ECONNRESET', 'read ECONNRESET'),
  ECONNABORTED: face('ECONNABORTED', 'read ECONNABORTED'),
  ETIMEDOUT: face('ETIMEDOUT', 'read ETIMEDOUT'),
  EHOSTUNREACH: face('EHOSTUNREACH', 'read EHOSTUNREACH'),
};

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
  // 20, which Debian 13 has, and each later one with long-term support (LTS).
  versions: [
    { name: '20', image: 'default', debian: 'nodejs', npm: 'node-linux-' },
    { name: '22', image: 'on request', npm: 'node-linux-' },
    { name: '24', image: 'on request', npm: 'node-linux-' },
    { name: '26', image: 'on request', npm: 'node-linux-' },
  ],
  // The same in all of them. Seen with Node 20.19.2, 20.20.2, 22.23.3, 24.21.0 and 26.10.0, Linux 6.18.
  faces: {
    connect: {
      ECONNREFUSED: face('ECONNREFUSED', 'connect ECONNREFUSED {address}:{port}'),
      // When the RST follows at once on the handshake; a little later another step meets it.
      ECONNRESET: face('ECONNRESET', 'connect ECONNRESET {address}:{port}'),
      ETIMEDOUT: face('ETIMEDOUT', 'connect ETIMEDOUT {address}:{port}'),
      EHOSTUNREACH: face('EHOSTUNREACH', 'connect EHOSTUNREACH {address}:{port}'),
    },
    handshake: {
      ECONNRESET: face('ECONNRESET', 'read ECONNRESET'),
      // The errno is that of a reset, but no reset has come.
      EOF: face(
        'ECONNRESET',
        'Client network socket disconnected before secure TLS connection was established',
      ),
    },
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
});
