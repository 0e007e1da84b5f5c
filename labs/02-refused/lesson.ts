import { lesson } from '../../runners/workshop/lessons/lesson.ts';

export default lesson({
  setting:
    'The host of the server runs and can be reached, but no program listens on the port. Your client calls connect: its kernel sends a SYN to that port.',
  answers: {
    'connect ETIMEDOUT':
      'So it would be if nobody answered the SYN, where a firewall drops it, say: your kernel would send it again several times and then give up. Here the host is up, and its kernel answers at once.',
    'connect EHOSTUNREACH':
      'So it would be had the SYN not been delivered: no host with that address on the link, or a router that says so by ICMP. Here it has reached the host; what is missing is a socket.',
    'connect ECONNREFUSED':
      'The kernel of the server looks for a listening socket, finds none, and answers the SYN with a RST that acknowledges it (RFC 9293, 3.10.7.1). No connection has come to be, so it is connect that fails, and the error says refused, not reset.',
    'read ECONNRESET':
      'The answer is a RST indeed, but "reset" is said of a connection that stood. So it is where the handshake succeeds for the client and a RST comes after it, as with a full listen queue (lab 18).',
  },
  explains:
    '"Connection refused" means that somebody has answered: the host is up and segments pass in both directions, unless a firewall has rejected the SYN in its name. In a capture it is a SYN and one RST with the ACK flag. Look on the server with `ss -tln` whether anything listens on that port, and on which address: 127.0.0.1 is not reached from outside. A client that may meet a server during its restart tries again a few times, each after a longer random wait.',
});
