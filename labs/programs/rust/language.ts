import type { Errno } from '../../../runners/catalog/errno.ts';
import { type Face, language } from '../../../runners/catalog/language.ts';

/** Each error is a std::io::Error, which tells its kind (here the type), its number and the system's words. */
const face = (type: string, errno: Errno, message: string): Face => ({ type, errno, message });

const reset = face('ConnectionReset', 'ECONNRESET', 'Connection reset by peer (os error 104)');
const aborted = face(
  'ConnectionAborted',
  'ECONNABORTED',
  'Software caused connection abort (os error 103)',
);
const timedOut = face('TimedOut', 'ETIMEDOUT', 'Connection timed out (os error 110)');
const unreachable = face('HostUnreachable', 'EHOSTUNREACH', 'No route to host (os error 113)');

const NO_TLS = "Rust's standard library has no TLS; programs take a crate for it.";

export default language({
  title: 'Rust',
  sources: [
    'src/bin/ask.rs',
    'src/bin/ask-twice.rs',
    'src/bin/ask-all.rs',
    'src/bin/ask-pooled.rs',
    'src/bin/ask-keepalive.rs',
    'src/bin/ask-retry.rs',
    'src/bin/ask-heartbeat.rs',
    'src/bin/ask-validated.rs',
    'src/bin/server.rs',
    'src/bin/server-graceful.rs',
    'src/bin/server-limits.rs',
    'src/exhaust.rs',
    'src/lib.rs',
    'src/listening.rs',
    'src/steps.rs',
    'src/sys.rs',
    'build.rs',
    'Cargo.toml',
    'Cargo.lock',
  ],
  run: {
    ask: ['release/ask'],
    'ask-twice': ['release/ask-twice'],
    'ask-all': ['release/ask-all'],
    'ask-pooled': ['release/ask-pooled'],
    'ask-keepalive': ['release/ask-keepalive'],
    'ask-retry': ['release/ask-retry'],
    'ask-heartbeat': ['release/ask-heartbeat'],
    'ask-validated': ['release/ask-validated'],
    server: ['release/server'],
    'server-graceful': ['release/server-graceful'],
    'server-limits': ['release/server-limits'],
  },
  lacks: { 'ask-tls': NO_TLS, 'server tls': NO_TLS },
  // Cargo writes into its home, even without crates; the user's may be read-only, or none.
  compile: [
    'env',
    'CARGO_HOME={out}/home',
    'cargo',
    'build',
    '--frozen',
    '--release',
    '--quiet',
    '--target-dir',
    '{out}',
  ],
  toolchain: {
    commands: ['cargo', 'rustc'],
    version: ['rustc', '--version'],
    debian: 'cargo',
  },
  marks: [/\bpanicked at /, /\(os error \d+\)/, /\bkind: [A-Z]\w+, (?:message|error): "/],
  printed: [
    {
      ...{ at: 'connect', means: 'TIMEOUT', type: 'TimedOut', message: 'connection timed out' },
      note: 'It has no errno: the patience of connect_timeout() has ended.',
    },
    {
      ...{ at: 'read', means: 'TIMEOUT', type: 'WouldBlock' },
      message: 'Resource temporarily unavailable',
      note: 'It is EAGAIN: the patience of set_read_timeout() has ended, or the socket must not block.',
    },
    {
      ...{ at: 'read', means: 'EOF', type: 'UnexpectedEof' },
      message: 'failed to fill whole buffer',
    },
  ],
  // The first is that of trixie; the kernel was Linux 6.18.
  seen: ['1.85.1', '1.95.0'],
  faces: {
    connect: {
      ECONNREFUSED: face('ConnectionRefused', 'ECONNREFUSED', 'Connection refused (os error 111)'),
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
    send: {
      ECONNRESET: reset,
      ECONNABORTED: aborted,
      EPIPE: face('BrokenPipe', 'EPIPE', 'Broken pipe (os error 32)'),
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
    read: {
      ECONNRESET: reset,
      ECONNABORTED: aborted,
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
      // The program's own deadline: the system has no part in it.
      TIMEOUT: { type: 'TimedOut', errno: null, message: 'no sign of life from the server' },
    },
    validate: { ECONNRESET: reset, ECONNABORTED: aborted },
  },
  surprises: [
    {
      what: 'renames an error',
      says: 'An errno that has no ErrorKind of its own shows as Uncategorized, a kind that no program may match: that no descriptor is left (EMFILE) is told by the number only.',
      labs: ['fd-exhaustion'],
      link: 'https://doc.rust-lang.org/std/io/enum.ErrorKind.html',
    },
    {
      what: 'acts unasked',
      says: 'Before main() begins, the runtime makes the process ignore SIGPIPE: a write into a connection that is gone is an error that can be handled, BrokenPipe, and does not end the program as it does in C.',
      labs: ['closed-socket'],
      link: 'https://github.com/rust-lang/rust/issues/62569',
    },
  ],
});
