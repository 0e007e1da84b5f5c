import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'Your client connects, sends one line and waits in read for one line. The server accepts the connection, reads the whole request, sends its reply and closes.',
  answers: {
    'read eof':
      'A second read would give it: the FIN comes behind the reply, and bytes before a FIN are delivered first. The first read meets end of file only where the server closes without a reply (lab 05).',
    'read ok':
      'The kernel of the server sends what the program has written before the FIN of its close. Your client gets the bytes in their order, so the reply comes first, and it asks for no more.',
    'read ECONNRESET':
      'So it would be had the server closed with something unread (lab 07), or aborted on purpose (lab 03). It had read the whole request, so its kernel closes with a FIN, which says only that no more will come.',
    'read blocked':
      'So it would be had the server neither answered nor closed, or had its host vanished before it did (lab 14). Here the reply is sent, and even without one the FIN of the close would end your read.',
  },
  explains:
    'Each direction of a connection ends with a FIN of its own, behind its last byte; in an orderly end there is no RST, and no counter of resets moves. It ends so because each side has read everything before it closes. Keep this capture as the measure for all others: a SYN from each side, data, a FIN from each side. In production, ask what is missing from it, and which side has left it out.',
});
