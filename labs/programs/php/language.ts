import type { Errno } from '../../../runners/catalog/errno.ts';
import { type Face, type Faces, language } from '../../../runners/catalog/language.ts';
import type { StepName } from '../../../runners/evidence/steps.ts';

const STREAMS = 'https://github.com/php/php-src/blob/php-8.4.11/main/streams/xp_socket.c';
const SOCKET_READ = 'https://github.com/php/php-src/blob/php-8.4.11/ext/sockets/sockets.c';

/** Both streams and sockets warn, and the programs make an exception of each warning. */
const face = (errno: Errno | null, message: string): Face => ({
  type: 'ErrorException',
  errno,
  message,
});

type Words = readonly [Errno, number, string];

const REFUSED: Words = ['ECONNREFUSED', 111, 'Connection refused'];
const RESET: Words = ['ECONNRESET', 104, 'Connection reset by peer'];
const ABORTED: Words = ['ECONNABORTED', 103, 'Software caused connection abort'];
const BROKEN_PIPE: Words = ['EPIPE', 32, 'Broken pipe'];
const TIMED_OUT: Words = ['ETIMEDOUT', 110, 'Connection timed out'];
const UNREACHABLE: Words = ['EHOSTUNREACH', 113, 'No route to host'];

const faces = (
  message: (errno: number, words: string) => string,
  ...all: Words[]
): NonNullable<Faces[StepName]> =>
  Object.fromEntries(all.map(([name, errno, words]) => [name, face(name, message(errno, words))]));

const noLife: Face = {
  type: 'RuntimeException',
  errno: null,
  message: 'no sign of life from the server',
};

const socketFaces: Faces = {
  connect: faces(
    (errno, words) => `socket_connect(): unable to connect [${errno}]: ${words}`,
    ...[REFUSED, TIMED_OUT, UNREACHABLE],
  ),
  send: faces(
    (errno, words) => `socket_write(): unable to write to socket [${errno}]: ${words}`,
    ...[RESET, ABORTED, BROKEN_PIPE, TIMED_OUT, UNREACHABLE],
  ),
  read: {
    ...faces(
      (errno, words) => `socket_read(): unable to read from socket [${errno}]: ${words}`,
      ...[RESET, ABORTED, TIMED_OUT, UNREACHABLE],
    ),
    TIMEOUT: noLife,
  },
};

const noTls = 'The extension for sockets speaks no TLS; streams do.';

/** A program of the flavour, read by lines as PHP has it. */
const normally = (program: string) => [
  ...['php', '-d', 'auto_prepend_file=sockets/normal-read.php'],
  `sockets/${program}.php`,
];
const noMatter = 'It is the same however a line is read.';

export default language({
  title: 'PHP',
  sources: [
    'ask.php',
    'ask-twice.php',
    'ask-all.php',
    'ask-pooled.php',
    'ask-tls.php',
    'ask-keepalive.php',
    'ask-retry.php',
    'ask-heartbeat.php',
    'ask-validated.php',
    'server.php',
    'server-graceful.php',
    'server-limits.php',
    'errors.php',
    'exhaust.php',
    'steps.php',
    'streams.php',
    'sockets/ask.php',
    'sockets/ask-twice.php',
    'sockets/ask-all.php',
    'sockets/ask-pooled.php',
    'sockets/ask-keepalive.php',
    'sockets/ask-retry.php',
    'sockets/ask-heartbeat.php',
    'sockets/ask-validated.php',
    'sockets/server.php',
    'sockets/server-graceful.php',
    'sockets/server-limits.php',
    'sockets/normal-read.php',
    'sockets/sockets.php',
  ],
  run: {
    ask: ['php', 'ask.php'],
    'ask-twice': ['php', 'ask-twice.php'],
    'ask-all': ['php', 'ask-all.php'],
    'ask-pooled': ['php', 'ask-pooled.php'],
    'ask-tls': ['php', 'ask-tls.php'],
    'ask-keepalive': ['php', 'ask-keepalive.php'],
    'ask-retry': ['php', 'ask-retry.php'],
    'ask-heartbeat': ['php', 'ask-heartbeat.php'],
    'ask-validated': ['php', 'ask-validated.php'],
    server: ['php', 'server.php'],
    'server-graceful': ['php', 'server-graceful.php'],
    'server-limits': ['php', 'server-limits.php'],
  },
  toolchain: {
    commands: ['php'],
    version: ['php', '--version'],
    debian: 'php-cli',
  },
  marks: [/\bPHP (?:Warning|Notice|Fatal error): /, / in \S+\.php(?::| on line )\d+/],
  printed: [
    {
      ...{ at: 'read', means: 'EOF', type: 'Warning' },
      message: 'Failed to open stream: HTTP request failed!',
      note: 'PHP says the same of a FIN, of a RST, and where its own timeout has ended.',
    },
  ],
  seen: ['8.2.36', '8.4.28'],
  faces: {
    connect: faces(
      (_, words) =>
        `stream_socket_client(): Unable to connect to tcp://{address}:{port} (${words})`,
      ...[REFUSED, TIMED_OUT, UNREACHABLE],
    ),
    // With OpenSSL 3.0 and 3.5. Over TLS a stream tells what has failed, but in words only.
    handshake: {
      ECONNRESET: face(null, 'stream_socket_enable_crypto(): SSL: Connection reset by peer'),
      EOF: {
        ...{ type: 'RuntimeException', errno: null, message: 'end of file in the handshake' },
        note: 'The words are of the program: PHP returns false, and warns of nothing.',
      },
    },
    send: faces(
      (errno, words) => `fwrite(): Send of {number} bytes failed with errno=${errno} ${words}`,
      ...[RESET, ABORTED, BROKEN_PIPE, TIMED_OUT, UNREACHABLE],
    ),
    // A read that fails has no face: see the surprises.
    read: { TIMEOUT: noLife },
  },
  hides: ['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EHOSTUNREACH'],
  surprises: [
    {
      what: 'hides a reset',
      says: 'A reset that meets a read looks as the end of file does: fgets() returns false, feof() true, there is no warning and no errno. Who reads until the end takes what was cut off for the whole. The same is true of a timeout.',
      labs: ['abort', 'early-close', 'firewall-drop'],
      link: STREAMS,
    },
  ],
  flavours: {
    sockets: {
      title: 'PHP, sockets extension',
      run: {
        ask: ['php', 'sockets/ask.php'],
        'ask-twice': ['php', 'sockets/ask-twice.php'],
        'ask-all': ['php', 'sockets/ask-all.php'],
        'ask-pooled': ['php', 'sockets/ask-pooled.php'],
        'ask-keepalive': ['php', 'sockets/ask-keepalive.php'],
        'ask-retry': ['php', 'sockets/ask-retry.php'],
        'ask-heartbeat': ['php', 'sockets/ask-heartbeat.php'],
        'ask-validated': ['php', 'sockets/ask-validated.php'],
        server: ['php', 'sockets/server.php'],
        'server-graceful': ['php', 'sockets/server-graceful.php'],
        'server-limits': ['php', 'sockets/server-limits.php'],
      },
      lacks: { 'ask-tls': noTls, 'server tls': noTls },
      faces: socketFaces,
    },
    'normal-read': {
      title: 'PHP, sockets extension, PHP_NORMAL_READ',
      run: {
        ask: normally('ask'),
        'ask-twice': normally('ask-twice'),
        'ask-all': normally('ask-all'),
        'ask-pooled': normally('ask-pooled'),
        server: ['php', 'sockets/server.php'],
      },
      lacks: {
        'ask-tls': noTls,
        'ask-keepalive': noMatter,
        'ask-retry': noMatter,
        'ask-heartbeat': noMatter,
        'ask-validated': noMatter,
        'server tls': noTls,
        'server-graceful': noMatter,
        'server-limits': noMatter,
      },
      faces: socketFaces,
      endsAs: 'ECONNRESET',
      surprises: [
        {
          what: 'renames an error',
          says: 'With PHP_NORMAL_READ socket_read() makes ECONNRESET of the end of file: "Connection reset by peer", and no RST has come.',
          labs: ['crash-idle', 'closed-socket'],
          link: SOCKET_READ,
        },
      ],
    },
  },
});
