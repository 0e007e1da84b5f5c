import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'Your client has sent its request and waits in read. The server program has read the whole request and has sent nothing. Now it sets SO_LINGER to 0 seconds on the connection and closes it.',
  answers: {
    'read ECONNRESET':
      'With a linger time of 0 a close is the ABORT of TCP (RFC 9293, 3.10.5): the kernel throws away what is still to be sent, sends a RST in place of the FIN and forgets the connection. Your kernel gives the error to the read that waits.',
    'read eof':
      'So it would be with an ordinary close: all was read, so the kernel would send a FIN, as it does even for a program that is killed (lab 05). Elixir, Perl and PHP may show a reset and an end of file alike; for TCP the two differ.',
    'read blocked':
      'So it would be had the server kept the connection open without an answer, or had its host vanished without a word (lab 14). This close makes its kernel send one segment, and that segment ends your read.',
    'read ok':
      'The server has written no reply. Even one written just before would not be safe: an abort throws away what still waits to be sent, and what is lost on the way is not sent again.',
  },
  explains:
    'A program can choose to send a RST, and some servers do, to be rid of sockets without TIME-WAIT. In the capture it is a RST with the ACK flag and no FIN before it; `nstat` on the server counts it as TcpExtTCPAbortOnData, and a close with data unread as TcpExtTCPAbortOnClose. Search the sources of the server for SO_LINGER, or watch its setsockopt calls with strace. To mend it, let the server shut down its own direction, read until end of file, and close then.',
});
