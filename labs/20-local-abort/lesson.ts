import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  variant: 'on-the-client',
  setting:
    'Your client has sent its request, which the server has read, and waits in read. Now an administrator of the host on which your client runs destroys the socket of your client with `ss -K`.',
  answers: {
    'read ECONNRESET':
      'So it is where the socket of the server is destroyed (the other variant of this lab): then a RST arrives at your host. Here the RST leaves your host, and "reset by peer" is said only to who receives one.',
    'read ECONNABORTED':
      'Your own kernel was told to abort the connection (RFC 9293, 3.10.5): it sends a RST to the server and gives your read ECONNABORTED, "Software caused connection abort". It is the server that is reset by its peer.',
    'read eof':
      'So it would be had the server closed with everything read (lab 05): end of file needs a FIN from the peer. The server has sent nothing; your own kernel ends the connection, with an error.',
    'read blocked':
      'So it would be had only the entry of a firewall on the way been deleted (lab 11): that tells nobody. To destroy a socket ends the calls that wait on it.',
  },
  explains:
    'The errno tells on which host to look: ECONNABORTED was decided on your own, ECONNRESET comes from the peer or in its name. In a capture the RST leaves the client, and whoever owns the server will search the program of the client in vain. Look for who may do it: agents, endpoint protection and scripts with CAP_NET_ADMIN. Let your programs log the errno or the exact text, since "connection lost" hides the difference.',
});
