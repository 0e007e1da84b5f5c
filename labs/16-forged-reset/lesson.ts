import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'in-window',
  setting:
    "Your client has sent its request, which the server has read, and waits in read. Somebody on the way sends your client a segment that bears the addresses and ports of the connection and says that the server has aborted it; its sequence number lies in the receive window, but 1000 above that of the server's next byte. After that the server sends its reply and closes.",
  answers: {
    'read ECONNRESET':
      'So it is where the forged RST has exactly the next sequence number (the other variant of this lab), and so it was with any number in the window before RFC 5961. Now a RST elsewhere in the window is only answered with a challenge ACK.',
    'read eof':
      'So it would be had the server closed without a reply (lab 05). The forged RST is neither believed nor shown as an end of file, and the FIN of the server comes behind its reply.',
    'read ok':
      'A RST that lies in the window, but not at its beginning, is not believed: your kernel answers with a challenge ACK (RFC 5961, 3.2). A server that had lost the connection would answer that with a RST of the right number; this one ignores it, and its reply is read.',
    'read blocked':
      'So it would be had the server sent nothing more. Your kernel drops the forged RST and keeps the connection as it was, so it takes the reply and gives it to your client.',
  },
  explains:
    'A RST must have exactly the next sequence number (RFC 9293, 3.10.7.4): who cannot see the traffic has to guess 32 bits, who stands on the way can read them. TcpExtTCPChallengeACK on the client counts RSTs that were not believed. One that was believed often has another time to live than the segments around it, and the server has counted no RST. TLS does not protect against it, QUIC does; programs ask again over a new connection.',
});
