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
/** The program's own deadline: the system has no part in it. */
const noLife: Face = {
  type: 'TimeoutError',
  errno: null,
  message: 'no sign of life from the server',
};

export default language({
  title: 'Python',
  sources: [
    'ask.py',
    'ask_twice.py',
    'ask_all.py',
    'ask_pooled.py',
    'ask_tls.py',
    'ask_keepalive.py',
    'ask_retry.py',
    'ask_heartbeat.py',
    'ask_validated.py',
    'server.py',
    'server_graceful.py',
    'server_limits.py',
    'exhaust.py',
    'listening.py',
    'steps.py',
  ],
  run: {
    ask: ['python3', 'ask.py'],
    'ask-twice': ['python3', 'ask_twice.py'],
    'ask-all': ['python3', 'ask_all.py'],
    'ask-pooled': ['python3', 'ask_pooled.py'],
    'ask-tls': ['python3', 'ask_tls.py'],
    'ask-keepalive': ['python3', 'ask_keepalive.py'],
    'ask-retry': ['python3', 'ask_retry.py'],
    'ask-heartbeat': ['python3', 'ask_heartbeat.py'],
    'ask-validated': ['python3', 'ask_validated.py'],
    server: ['python3', 'server.py'],
    'server-graceful': ['python3', 'server_graceful.py'],
    'server-limits': ['python3', 'server_limits.py'],
  },
  toolchain: {
    commands: ['python3'],
    version: ['python3', '--version'],
    debian: 'python3',
  },
  // Debian has one version in each release.
  versions: [{ name: '3.13', image: 'default' }],
  seen: ['3.11.7', '3.13.0'],
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
      TIMEOUT: noLife,
    },
    // With OpenSSL 3.0.19. What TLS itself complains of is an ssl.SSLError, without an errno.
    handshake: {
      EOF: {
        type: 'ssl.SSLEOFError',
        errno: null,
        message:
          '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:{number})',
      },
      ECONNRESET: reset,
      ECONNABORTED: aborted,
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
    validate: { ECONNRESET: reset, ECONNABORTED: aborted },
  },
});
