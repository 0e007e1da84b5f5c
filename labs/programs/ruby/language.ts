import { type Face, language } from '../../../runners/catalog/language.ts';

/** The class is the errno; the message is the system's, then which call it was, as that call has it. */
const face = (errno: string, message: string): Face => ({
  type: `Errno::${errno}`,
  errno,
  message,
});

const reset = 'Connection reset by peer';
const aborted = 'Software caused connection abort';
const timedOut = 'Connection timed out';
const unreachable = 'No route to host';

/** What comes of each call after the system's words. */
const connecting = (message: string) => `${message} - connect(2) for "{address}" port {port}`;
const reading = (message: string) => `${message} @ io_fillbuf - fd:{number} `;
const shaking = (message: string) => `${message} - SSL_connect`;

/** The system has given up, and Ruby says what it would say when its own timeout had ended. */
const renamed = (message: string): Face => ({
  ...{ type: 'IO::TimeoutError', errno: null, message },
  note: 'It is the ETIMEDOUT of the system, though the program has set no timeout.',
});

/** Without RubyGems, of which no program needs anything, Ruby starts in a third of the time. */
const ruby = (program: string) => ['ruby', '--disable-gems', program];

export default language({
  title: 'Ruby',
  sources: [
    'ask.rb',
    'ask_twice.rb',
    'ask_all.rb',
    'ask_pooled.rb',
    'ask_tls.rb',
    'ask_keepalive.rb',
    'ask_retry.rb',
    'ask_heartbeat.rb',
    'ask_validated.rb',
    'server.rb',
    'server_graceful.rb',
    'server_limits.rb',
    'exhaust.rb',
    'listening.rb',
    'steps.rb',
  ],
  run: {
    ask: ruby('ask.rb'),
    'ask-twice': ruby('ask_twice.rb'),
    'ask-all': ruby('ask_all.rb'),
    'ask-pooled': ruby('ask_pooled.rb'),
    'ask-tls': ruby('ask_tls.rb'),
    'ask-keepalive': ruby('ask_keepalive.rb'),
    'ask-retry': ruby('ask_retry.rb'),
    'ask-heartbeat': ruby('ask_heartbeat.rb'),
    'ask-validated': ruby('ask_validated.rb'),
    server: ruby('server.rb'),
    'server-graceful': ruby('server_graceful.rb'),
    'server-limits': ruby('server_limits.rb'),
  },
  toolchain: {
    commands: ['ruby'],
    version: ['ruby', '--version'],
    debian: 'ruby',
  },
  marks: [/\.rb:\d+:in [`']/, /\bErrno::E[A-Z]+/, /@ io_fillbuf\b/],
  printed: [
    {
      ...{ at: 'read', means: 'ECONNRESET', errno: 'ECONNRESET', type: 'Errno::ECONNRESET' },
      message: 'Connection reset by peer',
      or: ['Connection reset by peer - recvfrom(2)'],
    },
    {
      ...{ at: 'connect', means: 'TIMEOUT', errno: 'ETIMEDOUT', type: 'Errno::ETIMEDOUT' },
      message: 'Connection timed out - user specified timeout',
      note: "The class is that of the system's ETIMEDOUT, but the program's own patience has ended.",
    },
    { at: 'connect', means: 'TIMEOUT', type: 'Net::OpenTimeout', message: '' },
    { at: 'read', means: 'TIMEOUT', type: 'Net::ReadTimeout', message: '' },
    { at: 'read', means: 'TIMEOUT', type: 'Timeout::Error', message: 'execution expired' },
    { at: 'read', means: 'EOF', type: 'EOFError', message: 'end of file reached' },
  ],
  versions: [
    { name: '3.3', image: 'default', debian: 'ruby3.3' },
    {
      // Debian 12 has it, Debian 13, on which the images stand, has not.
      ...{ name: '3.1', image: 'none', debian: 'ruby3.1' },
      faces: {
        connect: { ETIMEDOUT: face('ETIMEDOUT', connecting(timedOut)) },
        send: { ETIMEDOUT: face('ETIMEDOUT', timedOut) },
        read: { ETIMEDOUT: face('ETIMEDOUT', reading(timedOut)) },
      },
    },
  ],
  seen: ['3.1.2', '3.3.13'],
  faces: {
    connect: {
      ECONNREFUSED: face('ECONNREFUSED', connecting('Connection refused')),
      // Ruby waits for the handshake outside of connect(2): a RST that follows at once may end the wait.
      ECONNRESET: face('ECONNRESET', connecting(reset)),
      ETIMEDOUT: renamed('connect(2) for "{address}" port {port}'),
      EHOSTUNREACH: face('EHOSTUNREACH', connecting(unreachable)),
    },
    send: {
      ECONNRESET: face('ECONNRESET', reset),
      ECONNABORTED: face('ECONNABORTED', aborted),
      EPIPE: face('EPIPE', 'Broken pipe'),
      ETIMEDOUT: renamed('Blocking operation timed out!'),
      EHOSTUNREACH: face('EHOSTUNREACH', unreachable),
    },
    read: {
      ECONNRESET: {
        ...face('ECONNRESET', reading(reset)),
        note: 'The words are those of gets, and end with a space; recv says "- recvfrom(2)", readpartial says nothing more.',
      },
      ECONNABORTED: face('ECONNABORTED', reading(aborted)),
      ETIMEDOUT: renamed('Blocking operation timed out!'),
      EHOSTUNREACH: face('EHOSTUNREACH', reading(unreachable)),
      // The program's own deadline: the system has no part in it.
      TIMEOUT: { type: 'Timeout::Error', errno: null, message: 'no sign of life from the server' },
    },
    handshake: {
      EOF: {
        type: 'OpenSSL::SSL::SSLError',
        errno: null,
        message:
          'SSL_connect returned=1 errno=0 peeraddr={address}:{port} state=error: unexpected eof while reading',
        // Where a RST has followed on the FIN, the socket has no peer any more. With Ruby 3.3 the errno is then
        // 107, ENOTCONN: of the attempt to name the peer, and not of the handshake.
        or: [
          'SSL_connect returned=1 errno=0 peeraddr=[{address}]:{port} state=error: unexpected eof while reading',
          'SSL_connect returned=1 errno={number} peeraddr=(null) state=error: unexpected eof while reading',
        ],
      },
      ECONNRESET: face('ECONNRESET', shaking(reset)),
      ECONNABORTED: face('ECONNABORTED', shaking(aborted)),
      ETIMEDOUT: face('ETIMEDOUT', shaking(timedOut)),
      EHOSTUNREACH: face('EHOSTUNREACH', shaking(unreachable)),
    },
  },
  surprises: [
    {
      what: 'renames an error',
      says: 'When the system gives a connection up (ETIMEDOUT), Ruby 3.3 raises IO::TimeoutError: "Blocking operation timed out!". It is no SystemCallError, so who rescues Errno::ETIMEDOUT does not get it. Ruby 3.1 raises Errno::ETIMEDOUT.',
      labs: ['firewall-drop', 'nat-expiry', 'keepalive'],
      link: 'https://docs.ruby-lang.org/en/3.3/IO/TimeoutError.html',
    },
    {
      what: 'renames an error',
      says: 'The class of a reset is always Errno::ECONNRESET, but its words depend on the call, and on no other thing: those of gets name a function of Ruby itself, io_fillbuf, and the number of the descriptor.',
      labs: ['abort', 'crash-server', 'wrong-protocol'],
    },
    {
      what: 'renames an error',
      says: 'A TLS handshake that ends with a FIN and then a RST is an unexpected end of file, of "peeraddr=(null)": the socket has no peer any more when Ruby asks for it. With Ruby 3.3 the message has also the errno of that question, 107, and not one of the handshake.',
      labs: ['wrong-protocol'],
    },
  ],
});
