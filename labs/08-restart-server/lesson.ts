import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'listening',
  setting:
    'Your client has sent a first line, which the server has read, and keeps the connection. The host of the server has vanished without a word and has come back with the same address, and the server listens on its port again. Now your client sends a second line over the old connection and reads.',
  answers: {
    'read ETIMEDOUT':
      'So it would be had the host stayed away, or had a firewall dropped the segments (lab 10): your kernel would send the line again until it gives up. Here the host is back, and its kernel answers.',
    'read ok':
      'So it would be over a new connection. The server listens, but a listening socket takes only SYNs; a connection is what two kernels remember, and the new kernel has never known this one.',
    'read ECONNRESET':
      'The second line belongs to no connection that the new kernel knows, and a listening socket answers such a segment with a RST. That RST takes its sequence number from the ACK of your client (RFC 9293, 3.5.2), so your kernel accepts it. The send had succeeded: it only hands bytes to the kernel.',
    'read blocked':
      'So it would be had your client sent nothing after the restart (lab 14): the new kernel knows nobody to whom it could send anything. Here the second line reaches it and is answered.',
    'send ECONNRESET':
      'The send returns as soon as your kernel has taken the bytes, and the RST comes one round trip later. Only a further send, before any read, would get this error.',
  },
  explains:
    'For connections from before a restart it makes no difference whether the server listens again: without a listener they are reset as well. In the capture the RST has no ACK flag and window 0, since no socket of that connection has sent it; `ss -tn` lists the connection on the client and not on the server. Let clients find dead connections by keepalive or a heartbeat, before they need them. Repeat over a new connection only what may be done twice.',
});
