import { type Face, language } from '../../../runners/catalog/language.ts';

/** Java tells no errno: the class says something of the operation, the message the rest. */
const face = (type: string, message: string): Face => ({ type, errno: null, message });

const aborted = face('java.net.SocketException', 'Software caused connection abort');
const timedOut = face('java.net.SocketException', 'Connection timed out');
const unreachable = face('java.net.SocketException', 'No route to host');
const reading = {
  ECONNRESET: face('java.net.SocketException', 'Connection reset'),
  ECONNABORTED: aborted,
  ETIMEDOUT: timedOut,
  EHOSTUNREACH: unreachable,
};

/** With a SocketChannel: all but the reset that a read meets has no class of its own. */
const onChannel = (message: string) => face('java.io.IOException', message);
const channelFaces = {
  ECONNABORTED: onChannel('Software caused connection abort'),
  ETIMEDOUT: onChannel('Connection timed out'),
  EHOSTUNREACH: onChannel('No route to host'),
};

const connecting = {
  ECONNREFUSED: face('java.net.ConnectException', 'Connection refused'),
  ETIMEDOUT: face('java.net.ConnectException', 'Connection timed out'),
  EHOSTUNREACH: face('java.net.NoRouteToHostException', 'No route to host'),
};

const SOURCES = [
  'Ask.java',
  'AskTwice.java',
  'AskAll.java',
  'AskPooled.java',
  'AskTls.java',
  'AskKeepalive.java',
  'AskRetry.java',
  'AskHeartbeat.java',
  'AskValidated.java',
  'Server.java',
  'ServerGraceful.java',
  'ServerLimits.java',
  'ChannelAsk.java',
  'ChannelAskTwice.java',
  'ChannelAskAll.java',
  'ChannelAskPooled.java',
  'ChannelServer.java',
  'Exhaust.java',
  'Steps.java',
];

/**
 * A limit that no host has memory for: that of the system is to be met, not Java's own. The file for jps
 * and jstat is left out: near the system's limit its dirty pages make the kernel wait for 7 s.
 */
const GREEDY = ['java', '-Xmx2g', '-XX:-UsePerfData'];

/** Where Socket.close() sends its FIN. */
const SHUTS_DOWN_FIRST =
  'https://github.com/openjdk/jdk25u/blob/jdk-25.0.3+9/src/java.base/share/classes/sun/nio/ch/NioSocketImpl.java#L891-L899';

const OF_JAVA = 'the cures are those of plain Java';
const BY_HAND = 'TLS over a channel is a program of its own, written by hand around an SSLEngine';

export default language({
  title: 'Java',
  sources: SOURCES,
  run: {
    ask: ['java', 'Ask'],
    'ask-twice': ['java', 'AskTwice'],
    'ask-all': ['java', 'AskAll'],
    'ask-pooled': ['java', 'AskPooled'],
    'ask-tls': ['java', 'AskTls'],
    'ask-keepalive': ['java', 'AskKeepalive'],
    'ask-retry': ['java', 'AskRetry'],
    'ask-heartbeat': ['java', 'AskHeartbeat'],
    'ask-validated': ['java', 'AskValidated'],
    server: [...GREEDY, 'Server'],
    'server-graceful': ['java', 'ServerGraceful'],
    'server-limits': [...GREEDY, 'ServerLimits'],
  },
  // Strings that are joined inline need no bootstrap at the start: 10 ms less.
  compile: ['javac', '-encoding', 'UTF-8', '-XDstringConcat=inline', '-d', '{out}', ...SOURCES],
  toolchain: {
    commands: ['java', 'javac'],
    version: ['java', '-version'],
    debian: 'default-jdk-headless',
    homes: ['$JAVA_HOME', '/usr/lib/jvm/*', '$HOME/.sdkman/candidates/java/*'],
  },
  // Debian has no formatter of Java.
  style: [
    {
      name: 'javac -Xlint',
      command: [
        ...['javac', '-encoding', 'UTF-8', '-Xlint:all', '-Werror', '-d', '{out}'],
        ...['-sourcepath', 'labs/programs/java', '{file}'],
      ],
      install: 'apt-get install default-jdk-headless',
    },
  ],
  marks: [/\bjavax?\.[a-z]+\.[a-z.]*[A-Z]/, /\([A-Z]\w*\.java:\d+\)/],
  printed: [
    {
      ...{ at: 'connect', means: 'TIMEOUT', type: 'java.net.SocketTimeoutException' },
      message: 'Connect timed out',
    },
    {
      ...{ at: 'read', means: 'TIMEOUT', type: 'java.net.SocketTimeoutException' },
      message: 'Read timed out',
    },
    ...(['ECONNREFUSED', 'ETIMEDOUT'] as const).map((means) => ({
      ...{ at: 'connect' as const, means, type: 'java.net.ConnectException', message: '' },
      note: 'HttpClient says no more, whether a RST came or nothing.',
    })),
    ...(['ECONNRESET', 'EOF'] as const).map((means) => ({
      ...{ at: 'read' as const, means, type: 'java.io.IOException' },
      message: 'HTTP/1.1 header parser received no bytes',
      note: 'HttpClient says so of a RST and of a FIN: only the cause tells.',
    })),
    {
      ...{ at: 'read', means: 'EOF', type: 'java.io.EOFException' },
      message: 'EOF reached while reading',
    },
    {
      ...{ at: 'read', means: 'EOF', type: 'java.net.SocketException' },
      message: 'Unexpected end of file from server',
      note: 'It is a SocketException as a reset is, but a FIN has come.',
    },
    {
      ...{ at: 'handshake', means: 'EOF', type: 'java.io.EOFException' },
      message: 'SSL peer shut down incorrectly',
    },
  ],
  versions: [
    // Debian 12 has it, Debian 13, on which the images stand, has not.
    { name: '17', image: 'none', debian: 'openjdk-17-jdk-headless' },
    { name: '21', image: 'default', debian: 'openjdk-21-jdk-headless' },
    { name: '25', image: 'on request', debian: 'openjdk-25-jdk-headless' },
  ],
  // The faces are the same in all of them.
  seen: ['17.0.15', '21.0.13', '25.0.3', '25.0.5'],
  faces: {
    connect: connecting,
    // Met by its read. A reset that comes before the ClientHello is sent looks as on a send.
    handshake: {
      ...reading,
      EOF: face('javax.net.ssl.SSLHandshakeException', 'Remote host terminated the handshake'),
    },
    send: {
      // The system's own words; those of a read are Java's, see above.
      ECONNRESET: face('java.net.SocketException', 'Connection reset by peer'),
      ECONNABORTED: aborted,
      EPIPE: face('java.net.SocketException', 'Broken pipe'),
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
    read: {
      ...reading,
      // The program's own deadline: the type is Java's, the message is not.
      TIMEOUT: face('java.net.SocketTimeoutException', 'no sign of life from the server'),
    },
    // What times out has something to send; a connection that was kept has nothing.
    validate: { ECONNRESET: reading.ECONNRESET, ECONNABORTED: aborted },
  },
  differs: [
    {
      ...{ lab: 'early-close', as: 'server', expect: 'FIN first' },
      because:
        "Java's Socket.close() shuts down its direction first: the FIN comes before the RST, so the client reads end of file",
      link: SHUTS_DOWN_FIRST,
    },
    {
      ...{ lab: 'wrong-protocol', variant: 'tls-to-plain', as: 'server', expect: 'FIN first' },
      because:
        "Java's Socket.close() shuts down its direction first: the FIN comes before the RST, so the handshake meets end of file",
      link: SHUTS_DOWN_FIRST,
    },
    {
      ...{ lab: 'wrong-protocol', variant: 'plain-to-tls', as: 'server', expect: 'an alert' },
      because:
        'Java sends a TLS alert, whose last byte happens to end a line, and reads the rest before it closes: FIN',
      link: 'https://github.com/openjdk/jdk25u/blob/jdk-25.0.3+9/src/java.base/share/classes/sun/security/ssl/SSLSocketImpl.java#L1781-L1806',
    },
  ],
  surprises: [
    {
      what: 'acts unasked',
      says: 'Socket.close() shuts down its own direction first. What closes with data unread sends a FIN, then the RST: the other side reads end of file and may never see the reset.',
      labs: ['early-close', 'wrong-protocol'],
      link: SHUTS_DOWN_FIRST,
    },
    {
      what: 'renames an error',
      says: 'The same reset is "Connection reset" when a read meets it and "Connection reset by peer" when a write does; no exception has an errno.',
      labs: ['abort', 'crash-server'],
    },
  ],
  flavours: {
    channel: {
      title: 'Java, SocketChannel',
      run: {
        ask: ['java', 'ChannelAsk'],
        'ask-twice': ['java', 'ChannelAskTwice'],
        'ask-all': ['java', 'ChannelAskAll'],
        'ask-pooled': ['java', 'ChannelAskPooled'],
        server: [...GREEDY, 'ChannelServer'],
      },
      lacks: {
        'ask-tls': BY_HAND,
        'server tls': BY_HAND,
        'ask-keepalive': OF_JAVA,
        'ask-retry': OF_JAVA,
        'ask-heartbeat': OF_JAVA,
        'ask-validated': OF_JAVA,
        'server-graceful': OF_JAVA,
        'server-limits': OF_JAVA,
      },
      // The same in all versions. SocketChannel.close() closes and does no more: labs need no difference.
      faces: {
        connect: connecting,
        send: {
          ...channelFaces,
          ECONNRESET: onChannel('Connection reset by peer'),
          EPIPE: onChannel('Broken pipe'),
        },
        read: { ...channelFaces, ECONNRESET: reading.ECONNRESET },
      },
      surprises: [
        {
          what: 'renames an error',
          says: 'Only the reset that a read meets is a java.net.SocketException. A broken pipe, a timeout, an abort, and the reset that a write meets are a bare java.io.IOException: who catches a SocketException, which is right with a Socket, misses them.',
          labs: ['closed-socket', 'firewall-drop', 'nat-expiry', 'local-abort'],
          link: 'https://github.com/openjdk/jdk25u/blob/jdk-25.0.3+9/src/java.base/share/classes/sun/nio/ch/SocketChannelImpl.java#L429-L431',
        },
      ],
    },
  },
});
