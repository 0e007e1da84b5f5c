import { type Face, language } from '../../../runners/catalog/language.ts';

/** Go's message names the operation, both ends of the connection, the system call and what it said. */
const face = (errno: Face['errno'], message: string): Face => ({
  type: '*net.OpError',
  errno,
  message,
});
const connecting = (errno: Face['errno'], words: string) =>
  face(errno, `dial tcp {peer}:{port}: connect: ${words}`);
const reading = (errno: Face['errno'], words: string) =>
  face(errno, `read tcp {own}:{number}->{peer}:{port}: read: ${words}`);
const writing = (errno: Face['errno'], words: string) =>
  face(errno, `write tcp {own}:{number}->{peer}:{port}: write: ${words}`);

const RESET = 'connection reset by peer';
const ABORTED = 'software caused connection abort';
const TIMED_OUT = 'connection timed out';
const UNREACHABLE = 'no route to host';

const reads = {
  ECONNRESET: reading('ECONNRESET', RESET),
  ECONNABORTED: reading('ECONNABORTED', ABORTED),
  ETIMEDOUT: reading('ETIMEDOUT', TIMED_OUT),
  EHOSTUNREACH: reading('EHOSTUNREACH', UNREACHABLE),
};

export default language({
  title: 'Go',
  sources: [
    'go.mod',
    'ask/main.go',
    'ask-twice/main.go',
    'ask-all/main.go',
    'ask-pooled/main.go',
    'ask-tls/main.go',
    'ask-keepalive/main.go',
    'ask-retry/main.go',
    'ask-heartbeat/main.go',
    'ask-validated/main.go',
    'server/main.go',
    'server-graceful/main.go',
    'server-limits/main.go',
    'internal/exhaust/exhaust.go',
    'internal/keyboard/keyboard.go',
    'internal/lines/lines.go',
    'internal/peek/peek.go',
    'internal/steps/steps.go',
  ],
  run: {
    ask: ['./ask'],
    'ask-twice': ['./ask-twice'],
    'ask-all': ['./ask-all'],
    'ask-pooled': ['./ask-pooled'],
    'ask-tls': ['./ask-tls'],
    'ask-keepalive': ['./ask-keepalive'],
    'ask-retry': ['./ask-retry'],
    'ask-heartbeat': ['./ask-heartbeat'],
    'ask-validated': ['./ask-validated'],
    server: ['./server'],
    'server-graceful': ['./server-graceful'],
    'server-limits': ['./server-limits'],
  },
  compile: [
    'sh',
    '-c',
    // Without a home Go would not know where to cache; what is compiled of its library serves all times.
    'GOCACHE=$PWD/../../../.cache/go exec go build "$@"',
    'sh',
    // There may be no Git. Without C programs need no library of the system, without symbols half the space.
    '-buildvcs=false',
    '-tags',
    'netgo,osusergo',
    '-ldflags=-s',
    '-o',
    '{out}/',
    './...',
  ],
  toolchain: {
    commands: ['go'],
    version: ['go', 'version'],
    debian: 'golang-go',
  },
  marks: [
    /^goroutine \d+ \[/,
    /\b(?:dial|read|write) (?:tcp|udp)[46]? /,
    /\b(?:Get|Post|Put) "http/,
  ],
  printed: [
    {
      ...{ at: 'connect', means: 'TIMEOUT', type: '*net.OpError' },
      message: 'dial tcp {peer}:{port}: i/o timeout',
    },
    {
      ...{ at: 'read', means: 'TIMEOUT', type: '*net.OpError' },
      message: 'read tcp {own}:{number}->{peer}:{port}: i/o timeout',
    },
    {
      ...{ at: 'read', means: 'TIMEOUT', type: 'context.deadlineExceededError' },
      message: 'context deadline exceeded',
    },
    {
      ...{ at: 'read', means: 'EOF', type: '*errors.errorString', message: 'EOF' },
      note: 'It is io.EOF, of a connection or of any file.',
    },
    {
      ...{ at: 'read', means: 'EOF', type: '*errors.errorString', message: 'unexpected EOF' },
      note: 'It is io.ErrUnexpectedEOF: a reply was cut off, or any other input.',
    },
  ],
  seen: ['1.19.8', '1.24.4'],
  faces: {
    connect: {
      ECONNREFUSED: connecting('ECONNREFUSED', 'connection refused'),
      ETIMEDOUT: connecting('ETIMEDOUT', TIMED_OUT),
      EHOSTUNREACH: connecting('EHOSTUNREACH', UNREACHABLE),
    },
    handshake: {
      ECONNRESET: reads.ECONNRESET,
      EOF: {
        type: '*errors.errorString',
        errno: null,
        message: 'EOF',
        note: 'It is io.EOF itself, as at the end of any file: nothing says that a handshake was cut off.',
      },
    },
    send: {
      ECONNRESET: writing('ECONNRESET', RESET),
      ECONNABORTED: writing('ECONNABORTED', ABORTED),
      EPIPE: writing('EPIPE', 'broken pipe'),
      ETIMEDOUT: writing('ETIMEDOUT', TIMED_OUT),
    },
    read: {
      ...reads,
      // The program's own: it wraps os.ErrDeadlineExceeded, whose words are "i/o timeout".
      TIMEOUT: { type: 'main.silence', errno: null, message: 'no sign of life from the server' },
    },
    // A system call of the program's own, which net does not put into its words.
    validate: {
      ECONNRESET: { type: 'syscall.Errno', errno: 'ECONNRESET', message: RESET },
      ECONNABORTED: { type: 'syscall.Errno', errno: 'ECONNABORTED', message: ABORTED },
    },
  },
  differs: [
    {
      ...{ lab: 'wrong-protocol', variant: 'plain-to-tls', as: 'server', expect: 'all was read' },
      because:
        'Go reads 512 bytes ahead of the five that tell it that this is no TLS, so nothing is unread when it closes: FIN',
      link: 'https://github.com/golang/go/blob/go1.19.8/src/crypto/tls/conn.go#L800-L811',
    },
  ],
  surprises: [
    {
      what: 'acts unasked',
      says: 'net.Dial switches TCP keepalive on, with a probe every 15 seconds, whatever the system is set to. These programs have to switch it off (KeepAlive: -1) for a half-open connection to stay unnoticed.',
      labs: ['half-open', 'firewall-reset'],
      link: 'https://github.com/golang/go/blob/go1.19.8/src/net/dial.go#L433-L441',
    },
    {
      what: 'renames an error',
      says: 'A TLS handshake that meets the end of file fails with io.EOF, whose only word is "EOF".',
      labs: ['wrong-protocol'],
      link: 'https://github.com/golang/go/blob/go1.19.8/src/crypto/tls/conn.go#L616-L627',
    },
  ],
});
