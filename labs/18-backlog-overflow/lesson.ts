import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'The server program is stopped and accepts nothing; on its host `net.ipv4.tcp_abort_on_overflow` is 1 (by default it is 0). Your client begins its handshake while the listen queue has room: its SYN is answered with a SYN,ACK. Before the ACK of your client gets through, other connections take all places of the queue.',
  answers: {
    'connect ETIMEDOUT':
      'So it would be had the queue been full when the SYN came, and stayed full: Linux drops such a SYN, and your kernel sends it again until it gives up. Here the SYN was answered, and with the SYN,ACK connect succeeds.',
    'read ECONNRESET':
      'For your client the handshake is over with the SYN,ACK: connect succeeds, and the request is sent. The kernel of the server can complete the connection only when the ACK comes; it finds the queue full, and with this setting it answers with a RST.',
    'connect ECONNREFUSED':
      'So it would be had nothing listened on the port: a RST in answer to the SYN (lab 02). Here the SYN was answered with a SYN,ACK, and with that connect succeeds; what comes later, a later call tells.',
    'read blocked':
      'So it would be with the default, 0: the kernel drops the ACK, your kernel sends its request again, and it is served once the queue has room. With 1 the kernel does not wait for room.',
  },
  explains:
    'The server program has never heard of this connection, and its log shows nothing. On its host look at `ss -tln`, where Recv-Q (how many wait) has reached or passed Send-Q (how many may), and at TcpExtListenOverflows; in a capture, at a RST after the handshake without data from the server. Leave `net.ipv4.tcp_abort_on_overflow` at 0. Make the queue long enough for bursts, in listen and in `net.core.somaxconn`, and accept in a thread that does nothing else.',
});
