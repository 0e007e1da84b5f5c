import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'reads',
  setting:
    'Your client has sent its request, which was acknowledged and read, and waits in read; keepalive is off. The host of the server vanishes without a word and comes back with the same address. Its new kernel knows nothing of the connection; the network works, and your client sends nothing more.',
  answers: {
    'read eof':
      'So it would be had only the process ended: its kernel would close the socket with a FIN (lab 05). A host that vanishes closes nothing, and its new kernel knows of nothing to close.',
    'read blocked':
      'TCP sends nothing on an idle connection, so nothing reaches the new kernel that it could answer. Your kernel still holds the connection for open, and your client waits without limit for data that nobody will send.',
    'read ECONNRESET':
      'So it is as soon as your client sends anything: the new kernel answers with a RST, since it does not know the connection (lab 08, and the other variant of this lab). It cannot send one unasked: it does not know that your client exists.',
    'read ETIMEDOUT':
      'So it would be had your kernel data that nobody acknowledges (lab 10), or keepalive probes that nobody answers (lab 13). The request was acknowledged before the restart, so no timer of your kernel runs.',
  },
  explains:
    'The same crash shows in two ways: a client that writes is reset, one that only reads hangs, as consumers of queues, database listeners and log followers do. A capture shows nothing, because nothing is sent; compare `ss -tn` on both hosts: the client lists the connection, the server does not. A read without a deadline may wait for ever. Use a deadline, keepalive with times that suit, or a heartbeat.',
});
