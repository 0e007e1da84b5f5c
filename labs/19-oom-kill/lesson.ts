import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'already-read',
  setting:
    'Your client has sent its request and waits in read. The server has read the whole request and takes more and more memory. Now it has taken all that it may have, and the kernel kills the server program.',
  answers: {
    'read eof':
      'The out-of-memory killer sends SIGKILL, and the kernel closes the sockets of the dead process by the same rule as ever. The request was read, and nothing else was in the receive queue, so it sends a FIN.',
    'read ETIMEDOUT':
      'So it would be had the host stopped answering at all, with data of yours unacknowledged (lab 10) or with keepalive on (lab 13). Here only a process is killed; the kernel lives and closes its socket at once.',
    'read ECONNRESET':
      'So it would be had the request been unread (the other variant of this lab, and lab 04). Why a process was killed makes no difference; what it had not read does.',
    'read blocked':
      'So it would be had the server only become slow for want of memory, or had its host vanished (lab 14). A killed process leaves no socket open: its kernel closes them all, and your read ends.',
  },
  explains:
    'One such event gives the clients of a server two errors at once, "connection reset" and "closed without a reply", and neither speaks of memory. In a capture many RSTs and FINs leave one host within a moment; the proof is on that host: "Out of memory" in the kernel log, exit status 137, OOMKilled in Docker or Kubernetes. Give the server a budget below its limit, and let it refuse in words what would exceed it. Limits of a runtime belong below that of its container.',
});
