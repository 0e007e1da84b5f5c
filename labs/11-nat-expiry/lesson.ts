import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'rejected',
  setting:
    'A firewall on the way keeps a table of connections; it deletes those that have been idle for too long, and rejects each segment that belongs to none in the table, unless it is a SYN. Your client has sent one line, which the server has read, and has been idle until its connection was deleted from the table. Now it sends a second line and reads.',
  answers: {
    'read eof':
      'So it would be had the server, or a proxy on the way, closed the idle connection (lab 12). This firewall is no end of the connection: it forgets it without a word to either side, and both still hold it for open.',
    'read ETIMEDOUT':
      'So it is where the firewall drops what it does not know (the other variant of this lab): no answer, retransmissions, and then your kernel gives up. This firewall rejects, and that is an answer.',
    'read blocked':
      'So it would be had the firewall let the line pass: the server would take it and send nothing yet. Linux does so by default, since it takes up connections from their middle (`nf_conntrack_tcp_loose`); stricter firewalls, like this one, do not.',
    'read ECONNRESET':
      'The second line is no SYN and belongs to no entry, so the firewall rejects it: it sends a RST in the name of the server, with the sequence number that your kernel expects. The server sends nothing, and its side of the connection stays open.',
  },
  explains:
    'The sign is that the first request after a pause fails, and the next one, over a new connection, works. Plot the failures against the idle time before them: they begin at one value, that of the shortest memory on the way. The RST has another time to live than the segments of the server, and `ss -tn` on both ends still lists the connection. Send keepalive probes or heartbeats more often than that value, or close idle connections before it is reached.',
});
