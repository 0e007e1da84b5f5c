import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'Your client has sent its request and waits in read. The kernel of the server has the request in its receive queue; the server program has accepted the connection, but read nothing yet. Now the server program is killed: SIGKILL, which no program can catch.',
  answers: {
    'read ok':
      'Nobody is left to write a reply: the program that would have done it is dead, and its kernel does not know the protocol.',
    'read eof':
      'So it would be had the server read the request before it died: then its kernel closes the socket with a FIN. But data that was never read is lost with the program, and the kernel says so.',
    'read ECONNRESET':
      'The kernel closes the sockets of a dead process. One that still has unread data is not closed with a FIN, which would mean "all is well, I have ended", but with a RST.',
    'read blocked':
      'So it would be had the machine died, or the cable been cut. Here only the program is dead: its kernel lives and closes its sockets.',
  },
  explains:
    'A crash of a program is no silence: its kernel tells the peer at once. Whether by FIN or by RST depends on what the dead program had read. A client can neither see nor choose which: it must be ready for both, and for silence.',
});
