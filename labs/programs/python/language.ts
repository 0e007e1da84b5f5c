import { type Face, language } from '../../../runners/catalog/language.ts';

// Python shows an errno in the same way on every operation.
const refused: Face = {
  type: 'ConnectionRefusedError',
  errno: 'ECONNREFUSED',
  message: '[Errno 111] Connection refused',
};
const reset: Face = {
  type: 'ConnectionResetError',
  errno: 'ECONNRESET',
  message: '[Errno 104] Connection reset by peer',
};
const aborted: Face = {
  type: 'ConnectionAbortedError',
  errno: 'ECONNABORTED',
  message: '[Errno 103] Software caused connection abort',
};
const brokenPipe: Face = {
  type: 'BrokenPipeError',
  errno: 'EPIPE',
  message: '[Errno 32] Broken pipe',
};
const timedOut: Face = {
  type: 'TimeoutError',
  errno: 'ETIMEDOUT',
  message: '[Errno 110] Connection timed out',
};
const unreachable: Face = {
  type: 'OSError',
  errno: 'EHOSTUNREACH',
  message: '[Errno 113] No route to host',
};

export default language({
  title: 'Python',
  sources: ['ask.py', 'ask_twice.py', 'server.py', 'steps.py'],
  run: {
    ask: ['python3', 'ask.py'],
    'ask-twice': ['python3', 'ask_twice.py'],
    server: ['python3', 'server.py'],
  },
  toolchain: {
    commands: ['python3'],
    version: ['python3', '--version'],
    debian: 'python3',
  },
  // Seen with Python 3.11.7 and 3.13.0, Linux 6.18.
  faces: {
    connect: { ECONNREFUSED: refused, ETIMEDOUT: timedOut, EHOSTUNREACH: unreachable },
    send: {
      ECONNRESET: reset,
      ECONNABORTED: aborted,
      EPIPE: brokenPipe,
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
    read: {
      ECONNRESET: reset,
      ECONNABORTED: aborted,
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
  },
});
