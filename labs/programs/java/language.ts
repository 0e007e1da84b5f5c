import { type Face, language } from '../../../runners/catalog/language.ts';

/** Java tells no errno: the class says something of the operation, the message the rest. */
const face = (type: string, message: string): Face => ({ type, errno: null, message });

const aborted = face('java.net.SocketException', 'Software caused connection abort');
const timedOut = face('java.net.SocketException', 'Connection timed out');
const unreachable = face('java.net.SocketException', 'No route to host');

export default language({
  title: 'Java',
  sources: ['Ask.java', 'AskTwice.java', 'Server.java', 'Steps.java'],
  run: {
    ask: ['java', 'Ask'],
    'ask-twice': ['java', 'AskTwice'],
    server: ['java', 'Server'],
  },
  // Strings that are joined inline need no bootstrap at the start: 10 ms less.
  compile: [
    'javac',
    '-encoding',
    'UTF-8',
    '-XDstringConcat=inline',
    '-d',
    '{out}',
    'Ask.java',
    'AskTwice.java',
    'Server.java',
    'Steps.java',
  ],
  toolchain: {
    commands: ['java', 'javac'],
    version: ['java', '-version'],
    debian: 'default-jdk-headless',
  },
  // Seen with Java 17.0.15 and 25.0.3, Linux 6.18.
  faces: {
    connect: {
      ECONNREFUSED: face('java.net.ConnectException', 'Connection refused'),
      ETIMEDOUT: face('java.net.ConnectException', 'Connection timed out'),
      EHOSTUNREACH: face('java.net.NoRouteToHostException', 'No route to host'),
    },
    send: {
      // The system's own words; those of a read are Java's, see below.
      ECONNRESET: face('java.net.SocketException', 'Connection reset by peer'),
      ECONNABORTED: aborted,
      EPIPE: face('java.net.SocketException', 'Broken pipe'),
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
    read: {
      ECONNRESET: face('java.net.SocketException', 'Connection reset'),
      ECONNABORTED: aborted,
      ETIMEDOUT: timedOut,
      EHOSTUNREACH: unreachable,
    },
  },
});
