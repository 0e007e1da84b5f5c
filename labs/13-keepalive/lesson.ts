import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'unreachable',
  setting:
    'Your client has switched TCP keepalive on, has sent its request, which was acknowledged, and waits in read. Its kernel is set to probe a connection that has been idle for one second, and again each second. Now all segments to the host of the server are dropped; both hosts go on running.',
  answers: {
    'read ETIMEDOUT':
      'No probe is acknowledged; after the last one, here the second, your kernel gives the connection up and tells the read that waits. It also sends a RST, but to the server, in case that lives: this RST is a consequence, not the cause.',
    'read blocked':
      'So it would be without keepalive: your kernel would have nothing to send, and would never learn that nobody answers (lab 14). Probes must be acknowledged, and your kernel counts those that are not.',
    'read ECONNRESET':
      'So it is where the host of the server has restarted: its new kernel knows no such connection and answers the probe with a RST (the other variant of this lab). Here nothing answers at all.',
    'read eof':
      'So it would be had the server closed or been killed with everything read (lab 05): then a FIN arrives. Missing answers are no FIN, and your kernel does not show them as one.',
  },
  explains:
    'Keepalive tells two cases apart: no answer ends in ETIMEDOUT, an answer from a kernel that does not know the connection in ECONNRESET. It is off by default; switched on, it waits by default for 2 hours and then for 9 probes, 75 seconds apart. Set TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT, and look for `timer:(keepalive` in `ss -tno`. It asks the kernel of the peer, not its program: that a server hangs, only a heartbeat or a deadline finds out.',
});
