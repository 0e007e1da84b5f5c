import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'The server has sent its reply without having read the request, which lies in its receive queue. Your client has read the reply and reads on, since more lines could follow. Now the server closes the connection.',
  answers: {
    'read eof':
      'So it would be had the server read the request before its close. So it is also with a server in Java, whose close shuts down its direction first: a FIN comes before the RST.',
    'read ECONNRESET':
      'The close finds the request in the receive queue. A FIN would say that all went well, so the kernel sends a RST in its place (RFC 9293, 3.6.1). The reply had been read and stays read; the next read meets the RST.',
    'send ECONNRESET':
      'So it can be in an upload: a client that is still sending when the RST comes may learn of it from a write, before it has read the answer. Your client has sent everything and only reads.',
    'read blocked':
      'So it would be had the server kept the connection open after its reply, with the request still unread. It has closed, so its kernel tells yours at once, by a FIN or by a RST.',
  },
  explains:
    'A server that answers early (413, 429, a redirect) and closes with the request unread sends a RST right behind its answer, and many clients then report only the reset: RFC 9112, section 9.6, describes it. In the capture, look for data from the server and then its RST with the ACK flag; TcpExtTCPAbortOnClose on the server grows. Let the server shut down its direction after the answer, read and throw away what still comes, within limits, and then close (`lingering_close` in nginx).',
});
