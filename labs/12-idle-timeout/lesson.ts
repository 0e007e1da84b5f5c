import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'closed',
  setting:
    'Your client has asked once through a load balancer, has got the reply, and keeps the connection in its pool. After some idle time the load balancer has closed its socket, with nothing unread, and the host of your client has been told. Now your client, without a look at the connection, sends a second request over it and reads.',
  answers: {
    'read eof':
      'The FIN closes one direction only, so the send succeeds; then the read meets the FIN that has long been there. The RST in answer to the request changes nothing, since after a FIN a read gives end of file. In Node it is the send that fails: Node has ended its own side on the FIN.',
    'read ok':
      'So it would be had the pool looked first: it would have met the end of file and asked over a new connection. Neither TCP nor the load balancer opens a closed connection again.',
    'send EPIPE':
      'So it is in Node, which reads unasked and ends its own side as soon as the FIN comes: it refuses the write. Elsewhere the first send after a FIN succeeds; EPIPE comes only with a further one, after the RST that the first has provoked (lab 06).',
    'read ECONNRESET':
      'So it is where the request and the close cross on the way (the other variant of this lab): then the RST for the request comes with no FIN before it. Here the FIN was first, and a read tells the FIN.',
  },
  explains:
    'Who closes first cannot be surprised: idle timeouts should grow from the client over the load balancer to the server. In captures the time between the last data and the FIN is always the same; on the client, pool connections in CLOSE-WAIT show that nobody has looked. Let the pool look for end of file before it hands a connection out. No look prevents that a request and a close cross, so let the client repeat a request that may be done twice.',
});
