import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'queued',
  setting:
    'The server listens, but it has no file descriptor left, so its accept fails. Your client connects, sends its request and reads. No program takes the connection; after a while the server program ends.',
  answers: {
    'connect ECONNREFUSED':
      'So it is for clients that come after the server has ended: nothing listens any more (lab 02). While it listens, its kernel makes the handshake without the program and puts the connection into the accept queue, so connect succeeds.',
    'read blocked':
      'So it is as long as the server lives without accepting: the lack of descriptors alone sends nothing, and clients wait. The end of the program closes the listening socket, and that ends your wait.',
    'read eof':
      'So it would be had the server accepted the connection and read the request (the other variant of this lab): all was read, so FIN. This connection no program has ever had.',
    'read ECONNRESET':
      'The end of the program closes the listening socket, and the kernel aborts each connection that still waits in its accept queue: with a RST, whether a request has come or not.',
  },
  explains:
    'A connect that succeeds does not say that the server program has accepted: the kernel makes the handshake. On the server, a Recv-Q of the listening socket (`ss -tln`) that stays above 0 shows that nobody accepts; the log says EMFILE, "Too many open files", and `/proc/PID/fd` lists what is open. Close what you open, and set the limit for the load. Keep one descriptor in reserve: with it a server can still accept, say that it is busy, and close in order.',
});
