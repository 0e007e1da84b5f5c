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
  sources: ['ask.js', 'ask-twice.js', 'server.js', 'steps.js', 'package.json'],
  run: {
    ask: ['node', 'ask.js'],
    'ask-twice': ['node', 'ask-twice.js'],
    server: ['node', 'server.js'],
  },
  toolchain: {
    commands: ['node'],
    version: ['node', '--version'],
    debian: 'nodejs',
  },
  // Seen with Node 20.20.2, Linux 6.18.
  faces: {
    connect: {
      ECONNREFUSED: face('ECONNREFUSED', 'connect ECONNREFUSED {address}:{port}'),
      ETIMEDOUT: face('ETIMEDOUT', 'connect ETIMEDOUT {address}:{port}'),
      EHOSTUNREACH: face('EHOSTUNREACH', 'connect EHOSTUNREACH {address}:{port}'),
    },
    send: {
      // Only when the RST came while Node was busy; else it has met the reset unasked before.
      ECONNRESET: face('ECONNRESET', 'write ECONNRESET'),
      // Node's own words, after a FIN and without a packet. The system's would be "write EPIPE".
      EPIPE: face('EPIPE', 'This socket has been ended by the other party'),
    },
    pause: unasked,
    read: unasked,
    wait: unasked,
  },
});
