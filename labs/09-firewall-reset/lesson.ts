import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'only-reads',
  setting:
    'Your client has sent its request, which the server has read, and waits in read; keepalive is off, and the server has nothing to send yet. Now a rule is loaded on the router between them that rejects segments to the port of the server: it throws each one away and answers it in the name of the server.',
  answers: {
    'read ECONNRESET':
      'So it is as soon as your client writes: the router answers that segment with a RST (the other variant of this lab). Your client only reads, so no segment meets the rule, and a rule sends nothing by itself.',
    'read blocked':
      'A rule acts on segments that pass, and none passes: your client waits, the server has nothing to send, and TCP sends nothing on an idle connection. Neither side can know that the way is closed.',
    'read eof':
      'So it would be had the server closed, or been killed with everything read (lab 05): its FIN would pass, since the rule looks only at segments to the server. Nobody closes anything here.',
    'read ETIMEDOUT':
      'So it would be with a rule that drops, and with data that your kernel has to send again (lab 10) or with keepalive probes (lab 13). Here your kernel sends nothing, so no timer runs.',
  },
  explains:
    'A change of a firewall shows only at the next segment, perhaps hours later, so look for changes long before the first error. The RST that a writer then gets bears the address of the server, but often another time to live; the server has counted none in TcpOutRsts, and its `ss -tn` still lists the connection. Let such rules spare established connections. Give each read a deadline, so that a connection that carries nothing is noticed.',
});
