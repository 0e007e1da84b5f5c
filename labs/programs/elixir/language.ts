import type { OwnDifference } from '../../../runners/catalog/difference.ts';
import type { Errno } from '../../../runners/catalog/errno.ts';
import { type Face, language } from '../../../runners/catalog/language.ts';

/** Nothing is thrown: `{:error, reason}` is returned, and the reason is the errno's name in small letters. */
const face = (errno: Errno): Face => ({
  type: `:${errno.toLowerCase()}`,
  errno,
  message: `{:error, :${errno.toLowerCase()}}`,
});
/** No errno: what recv() returns at the end of file. */
const closed = (note: string): Face => ({
  type: ':closed',
  errno: null,
  message: '{:error, :closed}',
  note,
});

const whatever = closed('A send returns this whatever has ended the connection.');
const sending = { ECONNABORTED: whatever, ETIMEDOUT: whatever, EHOSTUNREACH: whatever };
const reading = {
  ECONNABORTED: face('ECONNABORTED'),
  ETIMEDOUT: face('ETIMEDOUT'),
  EHOSTUNREACH: face('EHOSTUNREACH'),
  // The program's own deadline: the reason is that of recv(), the words are not.
  TIMEOUT: { type: ':timeout', errno: null, message: 'no sign of life from the server' },
};
const connecting = {
  ECONNREFUSED: face('ECONNREFUSED'),
  ETIMEDOUT: face('ETIMEDOUT'),
  EHOSTUNREACH: face('EHOSTUNREACH'),
};
const ofTls = closed(':ssl returns this for a reset and for the end of file, whatever the option.');
const shakingHands = { ECONNRESET: ofTls, EOF: ofTls };

/** The option, and what it is without it. */
const SHOW_ECONNRESET = 'https://www.erlang.org/doc/apps/kernel/inet.html#option-show_econnreset';

/** Where TLS says of a record that it is none. */
const NO_RECORD = 'https://github.com/erlang/otp/blob/OTP-25.2.3/lib/ssl/src/tls_record.erl#L564';

const SOURCES = [
  'ask.ex',
  'ask_twice.ex',
  'ask_all.ex',
  'ask_pooled.ex',
  'ask_tls.ex',
  'ask_keepalive.ex',
  'ask_retry.ex',
  'ask_heartbeat.ex',
  'ask_validated.ex',
  'server.ex',
  'server_graceful.ex',
  'server_limits.ex',
  'exhaust.ex',
  'listening.ex',
  'program.ex',
  'steps.ex',
];

/** One scheduler, which does not look for work all the time: many programs run on one machine. */
const QUIET = '+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none';

/**
 * The command of a module's main(). The JIT compiler keeps its code in a file in memory, which is longer than a
 * program of a lab may write files: it does without when that is an error, and no signal.
 */
const elixir = (module: string, ...settings: string[]) => [
  ...['env', '--ignore-signal=XFSZ', ...settings],
  ...['elixir', '--erl', QUIET, '-pa', '.', '-e', `${module}.main()`],
];
const programs = (...settings: string[]) => ({
  ask: elixir('Ask', ...settings),
  'ask-twice': elixir('AskTwice', ...settings),
  'ask-all': elixir('AskAll', ...settings),
  'ask-pooled': elixir('AskPooled', ...settings),
  'ask-tls': elixir('AskTls', ...settings),
  'ask-keepalive': elixir('AskKeepalive', ...settings),
  'ask-retry': elixir('AskRetry', ...settings),
  'ask-heartbeat': elixir('AskHeartbeat', ...settings),
  'ask-validated': elixir('AskValidated', ...settings),
  server: elixir('Server', ...settings),
  'server-graceful': elixir('ServerGraceful', ...settings),
  'server-limits': elixir('ServerLimits', ...settings),
});

/** Default options of sockets, as a program could set them itself. */
const OPTIONS = '[{show_econnreset,true}]';
const SHOWN = `ERL_FLAGS=-kernel inet_default_connect_options ${OPTIONS} inet_default_listen_options ${OPTIONS}`;

const speaksNoTls: OwnDifference = {
  ...{ lab: 'wrong-protocol', variant: 'plain-to-tls', as: 'server', expect: 'an alert' },
  because:
    'Erlang reads all that has come, and sends a TLS alert, whose last byte happens to end a line, before it closes: FIN',
  link: NO_RECORD,
};

export default language({
  title: 'Elixir',
  sources: SOURCES,
  run: programs(),
  compile: ['elixirc', '-o', '{out}', ...SOURCES],
  toolchain: {
    commands: ['elixir', 'elixirc'],
    version: ['elixir', '--version'],
    debian: 'elixir erlang-ssl',
  },
  marks: [/^\*\* \(\w+/, /#(?:PID|Port)</, /\{:error, /],
  printed: [
    {
      ...{ at: 'read', means: 'EOF', type: ':closed', message: '{:error, :closed}' },
      note: 'A read returns this for a FIN and, without show_econnreset, for a RST.',
    },
    {
      ...{ at: 'read', means: 'EOF', type: ':tcp_closed', message: '' },
      note: 'A process is told so of a FIN and, without show_econnreset, of a RST.',
    },
    {
      ...{ at: 'read', means: 'EOF', type: ':socket_closed_remotely' },
      message: '{:error, :socket_closed_remotely}',
      note: ':httpc says so of a FIN and of a RST.',
    },
    ...(['ECONNRESET', 'EOF'] as const).map((means) => ({
      ...{ at: 'handshake' as const, means, type: ':closed', message: '{:inet, [:inet], :closed}' },
      note: ':httpc says so where the handshake of TLS meets a FIN or a RST.',
    })),
    { at: 'read', means: 'TIMEOUT', type: ':timeout', message: '{:error, :timeout}' },
  ],
  // With Erlang/OTP 25 and 27.
  seen: ['1.14.0', '1.18.3'],
  faces: {
    connect: connecting,
    handshake: shakingHands,
    send: { ...sending, ECONNRESET: whatever, EPIPE: whatever },
    read: reading,
  },
  hides: ['ECONNRESET'],
  differs: [speaksNoTls],
  surprises: [
    {
      what: 'hides a reset',
      says: 'A RST is treated as a FIN: recv() returns {:error, :closed} for both. Only the option show_econnreset tells them apart.',
      labs: ['abort', 'crash-server', 'early-close', 'half-open', 'oom-kill'],
      link: SHOW_ECONNRESET,
    },
    {
      what: 'renames an error',
      says: 'A send that fails returns {:error, :closed}, be it for EPIPE, a reset or a timeout.',
      labs: ['closed-socket'],
    },
    {
      what: 'loses data',
      says: 'A send that fails closes the socket at once: an answer that had come before it cannot be read any more.',
      labs: ['closed-socket'],
    },
  ],
  flavours: {
    show: {
      title: 'Elixir, show_econnreset',
      run: programs(SHOWN),
      faces: {
        connect: connecting,
        handshake: shakingHands,
        // Of EPIPE, too, it says :econnreset.
        send: { ...sending, ECONNRESET: face('ECONNRESET') },
        read: { ...reading, ECONNRESET: face('ECONNRESET') },
        validate: { ECONNRESET: face('ECONNRESET') },
      },
      differs: [
        {
          ...{ lab: 'closed-socket', as: 'client' },
          because:
            'EPIPE is told as a reset: a RST has come indeed, and the socket, which Erlang has closed, is not read again',
          link: SHOW_ECONNRESET,
          expect: {
            client: ['connect ok', 'send ok', 'pause ok', 'send ok', 'pause ok', 'send ECONNRESET'],
            packets: { rst: { from: 'server', kind: 'stateless', answers: 'data' }, fin: 'server' },
            kernel: {
              client: { EstabResets: 1 },
              server: { OutRsts: 1 },
              reason: { from: 'server', is: 'TCP_TIMEWAIT_SOCKET' },
            },
          },
        },
        speaksNoTls,
      ],
      surprises: [
        {
          what: 'renames an error',
          says: 'After a FIN and a RST a send is {:error, :econnreset}, where the system says EPIPE.',
          labs: ['closed-socket'],
          link: SHOW_ECONNRESET,
        },
        {
          what: 'hides a reset',
          says: 'TLS says {:error, :closed} of a reset all the same: :ssl does not pass on what the option shows.',
          labs: ['wrong-protocol'],
        },
      ],
    },
  },
});
