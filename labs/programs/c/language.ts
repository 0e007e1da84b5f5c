import type { Errno } from '../../../runners/catalog/errno.ts';
import { type Face, type Faces, language } from '../../../runners/catalog/language.ts';

/** The messages are those of strerror(). */
const MESSAGES = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  ECONNABORTED: 'Software caused connection abort',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Connection timed out',
  EHOSTUNREACH: 'No route to host',
} as const satisfies Partial<Record<Errno, string>>;

/** C has no exceptions; the place of their type has the call that failed, as perror() prints it. */
function facesOf(call: string, ...errnos: (keyof typeof MESSAGES)[]): Partial<Record<Errno, Face>> {
  const faces = errnos.map((errno) => [errno, { type: call, errno, message: MESSAGES[errno] }]);
  return Object.fromEntries(faces);
}

const connecting = facesOf('connect', 'ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH');
const reading = facesOf('recv', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EHOSTUNREACH');

const faces: Faces = {
  connect: connecting,
  send: facesOf('send', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'),
  read: {
    ...reading,
    // The program's own deadline: poll() tells it by 0, which is no error and has no errno.
    TIMEOUT: { type: 'poll', errno: null, message: 'no sign of life from the server' },
  },
  validate: facesOf('recv', 'ECONNRESET', 'ECONNABORTED'),
};

const SOLE = 'This flavour is there for one thing, which only `ask-twice` shows.';
const NO_TLS = 'The standard library of C knows no TLS.';

export default language({
  title: 'C',
  sources: [
    'Makefile',
    'ask.c',
    'ask-twice.c',
    'ask-all.c',
    'ask-pooled.c',
    'ask-keepalive.c',
    'ask-retry.c',
    'ask-heartbeat.c',
    'ask-validated.c',
    'ask-twice-sigpipe.c',
    'server.c',
    'server-graceful.c',
    'server-limits.c',
    'clock.c',
    'clock.h',
    'connection.c',
    'connection.h',
    'exhaust.c',
    'exhaust.h',
    'input.c',
    'input.h',
    'steps.c',
    'steps.h',
  ],
  run: {
    ask: ['./ask'],
    'ask-twice': ['./ask-twice'],
    'ask-all': ['./ask-all'],
    'ask-pooled': ['./ask-pooled'],
    'ask-keepalive': ['./ask-keepalive'],
    'ask-retry': ['./ask-retry'],
    'ask-heartbeat': ['./ask-heartbeat'],
    'ask-validated': ['./ask-validated'],
    server: ['./server'],
    'server-graceful': ['./server-graceful'],
    'server-limits': ['./server-limits'],
  },
  lacks: { 'ask-tls': NO_TLS, 'server tls': NO_TLS },
  compile: ['make', '--silent', 'OUT={out}'],
  toolchain: {
    commands: ['gcc', 'make'],
    version: ['gcc', '--version'],
    debian: 'gcc libc6-dev make',
  },
  printed: [
    {
      ...{ at: 'read', means: 'TIMEOUT', type: 'recv' },
      message: 'Resource temporarily unavailable',
      note: 'It is EAGAIN: the timeout of the socket (SO_RCVTIMEO) has ended, or the socket must not block.',
    },
    {
      ...{ at: 'read', means: 'EOF', type: 'curl', message: 'Empty reply from server' },
      note: 'libcurl says so of a FIN before the reply.',
    },
    {
      ...{ at: 'read', means: 'TIMEOUT', type: 'curl' },
      message: '(28) Operation timed out after {number} milliseconds with {number} bytes received',
    },
    {
      ...{ at: 'read', means: 'ECONNRESET', type: 'ssh' },
      message: 'Connection reset by {address} port {port}',
      note: 'The words are those of OpenSSH.',
    },
    ...(['ECONNREFUSED', 'EHOSTUNREACH'] as const).map((means) => ({
      ...{ at: 'connect' as const, means, type: 'curl' },
      message:
        "(7) Failed to connect to {address} port {port} after {number} ms: Couldn't connect to server",
      note: 'libcurl says so of every connect() that failed.',
    })),
  ],
  // Of gcc; the libraries were glibc 2.36 and 2.41, the kernel Linux 6.18.
  seen: ['12.2.0', '14.2.0'],
  faces,
  flavours: {
    sigpipe: {
      title: 'C, SIGPIPE left as it is',
      run: { 'ask-twice': ['./ask-twice-sigpipe'] },
      lacks: {
        ask: SOLE,
        'ask-all': SOLE,
        'ask-pooled': SOLE,
        'ask-tls': NO_TLS,
        'ask-keepalive': SOLE,
        'ask-retry': SOLE,
        'ask-heartbeat': SOLE,
        'ask-validated': SOLE,
        server: SOLE,
        'server-graceful': SOLE,
        'server-limits': SOLE,
      },
      faces: {
        connect: connecting,
        send: facesOf('write', 'ECONNRESET', 'ECONNABORTED', 'EHOSTUNREACH'),
        read: reading,
      },
      differs: [
        {
          lab: 'closed-socket',
          as: 'client',
          because:
            'the write that would meet EPIPE raises SIGPIPE, whose default action ends the program before write() returns',
          link: 'https://man7.org/linux/man-pages/man2/write.2.html',
          expect: {
            client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'pause ok', 'send SIGPIPE'],
            packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'server' },
            kernel: {
              client: { EstabResets: 1 },
              server: { OutRsts: 1 },
              reason: { from: 'server', is: 'TCP_TIMEWAIT_SOCKET' },
            },
          },
        },
      ],
      surprises: [
        {
          what: 'dies of a signal',
          says: 'A write into a connection that is gone ends the program by SIGPIPE, without a word: there is no error to handle. MSG_NOSIGNAL on send() makes it EPIPE.',
          labs: ['closed-socket'],
          link: 'https://man7.org/linux/man-pages/man7/signal.7.html',
        },
      ],
    },
  },
});
