import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'plain-to-tls',
  setting:
    'Your client, which speaks no TLS, connects to the port of a TLS server, sends a line of 14 bytes and waits in read. The server reads five bytes, as many as the header of a TLS record has; they are none. Without a TLS alert it gives the handshake up and closes the connection.',
  answers: {
    'read ok':
      'So it is with servers that read everything and say something before they close: a TLS alert, or a status 400 in plain text as web servers send it. This server sends nothing.',
    'read blocked':
      'So it would be had your client sent fewer bytes than the header of a record has: the server would wait for the rest. Here it has its five bytes, and has closed.',
    'read eof':
      'So it would be had the server read all that had come, as a TLS server in Node does: then it closes with a FIN. This one has read five bytes of 14, and the rest is unread when it closes.',
    'read ECONNRESET':
      'To have read is not to have read everything: nine of the 14 bytes are in the receive queue at the close, so the kernel sends a RST in place of the FIN (RFC 9293, 3.6.1). It is the rule of lab 04, without any crash.',
  },
  explains:
    'A mismatch of protocols looks like a fault of the network: connect succeeds, and each connection ends right after its first bytes. Look at these bytes in the capture: those of a TLS client begin with `16 03`. Ask the port with `openssl s_client` and with plain HTTP, and correct the scheme or the port in the client. A TLS client is reset in its handshake for the same reason, where a server closes with the ClientHello unread.',
});
