import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'Your client has sent its request and waits in read. The server program has read the whole request and has sent no reply yet: nothing is left in its receive queue. Now the server program is killed with SIGKILL.',
  answers: {
    'read blocked':
      'So it would be had the whole host vanished: then nobody is left to send anything (lab 14). Here only a process is dead, and its kernel closes all descriptors of that process, sockets too.',
    'read ECONNRESET':
      'So it would be had the request still been unread (lab 04). It is not the death of the process that makes a RST, but data that nobody will read any more; here the receive queue was empty.',
    'read ETIMEDOUT':
      'So it would be had your kernel got no answer to data that it sends again and again (lab 10), or to keepalive probes (lab 13). Here your request was acknowledged, and the kernel of the server lives and speaks.',
    'read eof':
      'The kernel closes the socket of the dead process as it closes any other. Nothing was unread, so it sends a FIN, and your client cannot tell this crash from a server that has decided to close.',
  },
  explains:
    'End of file says that no more bytes come, not that the answer is whole. A protocol must mark where a message ends, by a length or a last line, and a client must report end of file before that point as an error. The capture shows an ordinary FIN, and no counter of resets moves. Look for the cause in the exit status of the server (137 after SIGKILL), in the journal, and in a log that stops without a last word.',
});
