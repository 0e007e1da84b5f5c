import type { Errno } from '../../../runners/catalog/errno.ts';
import { type Face, language } from '../../../runners/catalog/language.ts';

// Perl has no exceptions for errors of the system: a call returns nothing, and $! tells why.
const inErrno = (errno: Errno, message: string): Face => ({ type: '$!', errno, message });

const reset = inErrno('ECONNRESET', 'Connection reset by peer');
const aborted = inErrno('ECONNABORTED', 'Software caused connection abort');
const brokenPipe = inErrno('EPIPE', 'Broken pipe');
const timedOut = inErrno('ETIMEDOUT', 'Connection timed out');
const unreachable = inErrno('EHOSTUNREACH', 'No route to host');

/** A constructor, as that of IO::Socket::IP, tells it in $@; what $! says then is the same. */
const inConstructor = (face: Face): Face => ({ ...face, type: '$@' });

export default language({
  title: 'Perl',
  sources: [
    'ask.pl',
    'ask_twice.pl',
    'ask_all.pl',
    'ask_pooled.pl',
    'ask_keepalive.pl',
    'ask_retry.pl',
    'ask_heartbeat.pl',
    'ask_validated.pl',
    'server.pl',
    'server_graceful.pl',
    'server_limits.pl',
    'Exhaust.pm',
    'Listening.pm',
    'Steps.pm',
  ],
  run: {
    ask: ['perl', 'ask.pl'],
    'ask-twice': ['perl', 'ask_twice.pl'],
    'ask-all': ['perl', 'ask_all.pl'],
    'ask-pooled': ['perl', 'ask_pooled.pl'],
    'ask-keepalive': ['perl', 'ask_keepalive.pl'],
    'ask-retry': ['perl', 'ask_retry.pl'],
    'ask-heartbeat': ['perl', 'ask_heartbeat.pl'],
    'ask-validated': ['perl', 'ask_validated.pl'],
    server: ['perl', 'server.pl'],
    'server-graceful': ['perl', 'server_graceful.pl'],
    'server-limits': ['perl', 'server_limits.pl'],
  },
  lacks: {
    'ask-tls': 'Perl has no TLS of its own: IO::Socket::SSL is not one of its core modules.',
    'server tls': 'Perl has no TLS of its own: IO::Socket::SSL is not one of its core modules.',
  },
  toolchain: {
    commands: ['perl'],
    // What --version prints begins with a lone 5.
    version: ['perl', '-e', 'printf "%vd\\n", $^V'],
    debian: 'perl',
  },
  marks: [
    / at \S+ line \d+(?:, <\w*> \w+ \d+)?\.?$/,
    /\bIO::Socket::/,
    /\b599 Internal Exception\b/,
  ],
  printed: [
    {
      ...{ at: 'connect', means: 'TIMEOUT', type: 'IO::Socket::INET', message: 'connect: timeout' },
    },
    {
      ...{ at: 'read', means: 'TIMEOUT', type: '599 Internal Exception' },
      message: 'Timed out while waiting for socket to become ready for reading',
    },
    {
      ...{ at: 'read', means: 'EOF', type: '599 Internal Exception' },
      message: 'Unexpected end of stream while looking for line',
    },
  ],
  seen: ['5.36.0', '5.40.1'],
  // Seen with Linux 6.18.
  faces: {
    connect: {
      ECONNREFUSED: inConstructor(inErrno('ECONNREFUSED', 'Connection refused')),
      ETIMEDOUT: {
        ...inConstructor(timedOut),
        note: 'IO::Socket::IP says the same where its own Timeout has ended.',
      },
      EHOSTUNREACH: inConstructor(unreachable),
    },
    send: {
      ECONNRESET: reset,
      ECONNABORTED: aborted,
      EPIPE: {
        ...brokenPipe,
        note: 'Without $SIG{PIPE} = "IGNORE" nothing is surfaced: the signal SIGPIPE ends Perl.',
      },
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
    read: {
      ECONNRESET: {
        ...reset,
        note: 'readline returns nothing, as at the end of file: only $! tells, cleared before.',
      },
      ECONNABORTED: aborted,
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
      // The program's own deadline: it has died of it, and what it died of stands in $@.
      TIMEOUT: { type: '$@', errno: null, message: 'no sign of life from the server' },
    },
    validate: { ECONNRESET: reset, ECONNABORTED: aborted },
  },
  surprises: [
    {
      what: 'hides a reset',
      says: '`while (<$socket>)` ends at a reset as it ends at the end of file, without a warning. Only `$!` tells them apart, and only where it was set to 0 before: success leaves in it what was there.',
      labs: ['abort', 'crash-server', 'early-close'],
      link: 'https://perldoc.perl.org/5.40.2/functions/readline',
    },
    {
      what: 'dies of a signal',
      says: "A write to a connection that was reset ends Perl by SIGPIPE, without a word on standard error. `$SIG{PIPE} = 'IGNORE'` makes the write fail with EPIPE.",
      labs: ['closed-socket'],
      link: 'https://perldoc.perl.org/5.40.2/perlipc#Signals',
    },
  ],
});
