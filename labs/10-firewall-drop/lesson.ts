import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'Your client has sent a first line, which the server has read. Then a firewall between them begins to drop all segments to the server, without an answer. Now your client sends a second line and reads.',
  answers: {
    'read ECONNRESET':
      'So it would be had the firewall rejected the second line: it would answer with a RST in the name of the server (labs 09 and 11). This one answers nothing, and without a RST nothing is reset.',
    'read blocked':
      'So it would be had your client sent nothing: with nothing unacknowledged no timer runs (labs 09 and 14). The second line starts one: it is sent again and again, and in the end your kernel gives up.',
    'read ETIMEDOUT':
      'The second line is never acknowledged, so your kernel sends it again, each time after a longer wait, and then gives up; the waiting read is told. With the default `net.ipv4.tcp_retries2` of 15 that takes about a quarter of an hour; the lab sets 1, which takes about a second.',
    'send ETIMEDOUT':
      'The send returns as soon as your kernel has taken the bytes; that nobody acknowledges them is found out later. Only a further send, after your kernel has given up and before any read, would be told so.',
  },
  explains:
    'ETIMEDOUT says that nobody has answered, ECONNRESET that somebody has: the two lead to different places. A Send-Q on the client that stays above 0 (`ss -tno`, with the timer `on`) shows the silence long before the error, and TcpExtTCPAbortOnTimeout counts its end. Capture on both sides to find where the segments vanish. Within your own network let firewalls reject; in programs set a deadline for each request, or TCP_USER_TIMEOUT.',
});
