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

/** asyncio says which address it has called, in place of the system's words; one of IPv6 has four parts. */
const called = ({ type, errno }: Face, number: number): Face => ({
  ...{ type, errno },
  message: `[Errno ${number}] Connect call failed ('{address}', {port})`,
  or: [`[Errno ${number}] Connect call failed ('{address}', {port}, 0, 0)`],
});
const failures = {
  ECONNRESET: reset,
  ECONNABORTED: aborted,
  ETIMEDOUT: timedOut,
  EHOSTUNREACH: unreachable,
};

const ASYNCIO = 'https://github.com/python/cpython/blob/v3.13.0/Lib/asyncio';
const OF_PYTHON = 'the cures are those of plain Python';

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
    'asyncio_ask.py',
    'asyncio_ask_twice.py',
    'asyncio_ask_all.py',
    'asyncio_ask_pooled.py',
    'asyncio_ask_tls.py',
    'asyncio_server.py',
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
    itself: ['python3', '-c', 'import sys; print(sys.executable)'],
    debian: 'python3',
  },
  style: [
    { name: 'black', command: ['black', '--check', '{file}'], install: 'apt-get install black' },
    { name: 'pyflakes', command: ['pyflakes3', '{file}'], install: 'apt-get install pyflakes3' },
  ],
  marks: [
    /^Traceback \(most recent call last\):/,
    /^File "[^"]+", line \d+/,
    /\[Errno -?\d+\]/,
    /\b\w+Error\(\d+, '/,
  ],
  printed: [
    {
      ...{ at: 'read', means: 'TIMEOUT', type: 'TimeoutError', message: 'timed out' },
      note: "It is the socket's own timeout, which recv() and connect() tell alike, and has no errno.",
    },
    {
      ...{ at: 'read', means: 'EOF', type: 'http.client.RemoteDisconnected' },
      message: 'Remote end closed connection without response',
      note: 'By its class it is a ConnectionResetError, but a FIN has come, and no RST.',
    },
    {
      ...{ at: 'handshake', means: 'EOF', type: 'ssl.SSLZeroReturnError' },
      message: 'TLS/SSL connection has been closed (EOF) (_ssl.c:{number})',
      note: 'Seen with Python 3.8.18 and 3.11.2: by the option OP_IGNORE_UNEXPECTED_EOF a FIN is taken for the end of TLS.',
    },
  ],
  // Debian has one version in each release.
  versions: [{ name: '3.13', image: 'default' }],
  seen: ['3.11.7', '3.13.0', '3.13.5'],
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
  flavours: {
    asyncio: {
      title: 'Python, asyncio',
      run: {
        ask: ['python3', 'asyncio_ask.py'],
        'ask-twice': ['python3', 'asyncio_ask_twice.py'],
        'ask-all': ['python3', 'asyncio_ask_all.py'],
        'ask-pooled': ['python3', 'asyncio_ask_pooled.py'],
        'ask-tls': ['python3', 'asyncio_ask_tls.py'],
        server: ['python3', 'asyncio_server.py'],
      },
      lacks: {
        'ask-keepalive': OF_PYTHON,
        'ask-retry': OF_PYTHON,
        'ask-heartbeat': OF_PYTHON,
        'ask-validated': OF_PYTHON,
        'server-graceful': OF_PYTHON,
        'server-limits': OF_PYTHON,
      },
      faces: {
        connect: {
          ECONNREFUSED: {
            ...called(refused, 111),
            note: 'Where a name has several addresses and all refuse, it is a bare OSError without an errno: "Multiple exceptions: …".',
          },
          ETIMEDOUT: called(timedOut, 110),
          EHOSTUNREACH: called(unreachable, 113),
        },
        send: {
          // What a read has met unasked, which drain() tells.
          ...failures,
          EPIPE: {
            type: 'ConnectionResetError',
            errno: null,
            message: 'Connection lost',
            note: 'A broken pipe: drain() tells any failure of the write itself so.',
          },
        },
        read: failures,
        handshake: {
          ...failures,
          EOF: {
            type: 'ConnectionResetError',
            errno: null,
            message: '',
            note: 'An end of file, and no reset has come.',
          },
        },
      },
      differs: [
        {
          ...{ lab: 'closed-socket', as: 'client' },
          because:
            'asyncio tells a broken pipe as a reset, "Connection lost", and from then on each read raises, too: the client gives up',
          link: `${ASYNCIO}/streams.py#L164-L166`,
          expect: {
            client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'pause ok', 'send EPIPE'],
            packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'server' },
            kernel: {
              client: { EstabResets: 1 },
              server: { OutRsts: 1 },
              reason: { from: 'server', is: 'TCP_TIMEWAIT_SOCKET' },
            },
          },
        },
        {
          ...{ lab: 'wrong-protocol', variant: 'plain-to-tls', as: 'server' },
          because:
            'asyncio reads up to 256 KiB before TLS looks at it, so nothing is unread when it closes: FIN',
          link: `${ASYNCIO}/sslproto.py#L426-L433`,
          expect: 'all was read',
        },
      ],
      surprises: [
        {
          what: 'renames an error',
          says: 'A broken pipe on a write is ConnectionResetError "Connection lost", without an errno; no BrokenPipeError ever comes from write() or drain().',
          labs: ['closed-socket'],
          link: `${ASYNCIO}/streams.py#L164-L166`,
        },
        {
          what: 'loses data',
          says: 'asyncio reads unasked into a buffer. When the connection fails, what lies there unread is lost: each read raises the error, where recv() would still return the bytes.',
          labs: ['closed-socket'],
          link: `${ASYNCIO}/streams.py#L612-L613`,
        },
        {
          what: 'renames an error',
          says: 'An end of file within a TLS handshake is ConnectionResetError with an empty message, though no RST has come.',
          labs: ['wrong-protocol'],
          link: `${ASYNCIO}/sslproto.py#L463-L464`,
        },
        {
          what: 'acts unasked',
          says: 'A server that has no file descriptor left to accept with is told nothing: asyncio logs it, hundreds of times, and tries again each second, while the client waits in the queue.',
          labs: ['fd-exhaustion'],
          link: `${ASYNCIO}/selector_events.py#L186-L203`,
        },
      ],
    },
  },
});
