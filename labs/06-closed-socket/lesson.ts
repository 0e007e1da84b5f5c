import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'The server has read the first line of your client and has closed its socket; nothing was unread, and the host of your client has been told. Your client has not looked. Now it sends a second line, some time later a third, and then it reads.',
  answers: {
    'send ECONNRESET':
      'So it would be had a RST come without a FIN before it: then the next write gets ECONNRESET, once. Here the FIN of the server came first, and Linux tells a writer of a RST after a FIN by EPIPE, "broken pipe".',
    'send EPIPE':
      'The FIN closes one direction only, so the second line is sent; no program has that socket any more, so the answer is a RST. The third send finds the connection dead after a FIN: EPIPE. In Node the second send fails already, and nothing is sent: Node has met the FIN unasked and ended its own side.',
    'read ECONNRESET':
      'So it is where no FIN comes before the RST, as when a request and a close cross on the way (the other variant of lab 12). After a FIN a read gives end of file, whatever comes later; and here a send fails before the read.',
    'read eof':
      'A read gives it here too, where the language still lets you read, but only after a send has failed. Had your client sent only the second line, end of file would be all that it sees (lab 12; Node differs).',
    'read blocked':
      'So it would be had the server kept its socket open without an answer. Here the FIN has arrived, so a read cannot wait for more: it returns end of file at once.',
  },
  explains:
    'A write that succeeds says only that the kernel has taken the bytes; the failure comes with a later call. In production the sign is a socket in CLOSE-WAIT on the host of the client (`ss -tan`): the other side has closed, and the program has not noticed. Look for end of file before you use a connection again, and handle EPIPE at each write. In a server, shut down your own direction only and read until the client has closed: then no data meets a socket that is gone.',
});
