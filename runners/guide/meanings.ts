import type { Errno } from '../catalog/errno.ts';

export type Meaning = {
  /** What the system says of it (glibc's strerror), in lower case; null where it is no errno. */
  readonly system: string | null;
  /** Linux's number (include/uapi/asm-generic/errno.h); null where it is no errno. */
  readonly number: number | null;
  /** What has happened on the wire, one or two sentences. */
  readonly says: string;
};

/** What each errno means to TCP on Linux. */
export const MEANINGS: Readonly<Record<Errno, Meaning>> = {
  ECONNREFUSED: {
    system: 'connection refused',
    number: 111,
    says: 'The SYN was answered by a RST: nothing listens on the port, or a firewall rejects in its name (RFC 9293, section 3.10.7.1; `tcp_reset` in SYN-SENT).',
  },
  ECONNRESET: {
    system: 'connection reset by peer',
    number: 104,
    says: 'A RST arrived on a connection that stood (RFC 9293, section 3.10.7.4; `tcp_reset`). The peer, its kernel after its death, or a middlebox in its name has sent it. What had arrived before can still be read on Linux; what this side had sent may never have been.',
  },
  ECONNABORTED: {
    system: 'software caused connection abort',
    number: 103,
    says: 'Nothing came from the network: this host itself has destroyed the socket (`tcp_abort`: `ss -K`, an administrator, a change of address).',
  },
  EPIPE: {
    system: 'broken pipe',
    number: 32,
    says: 'A write to a connection that cannot be written to any more: a RST came after the FIN of the peer, or this side has shut down its direction (`sk_stream_error`). Without precaution it comes with the signal SIGPIPE. (It may be no connection at all, but a pipe whose reader is gone: `| head`.)',
  },
  ETIMEDOUT: {
    system: 'connection timed out',
    number: 110,
    says: 'Nothing came back: the SYN, data or keepalive probes were sent again until patience ended (`tcp_write_err`; `tcp_syn_retries`, `tcp_retries2`, `tcp_keepalive_probes`).',
  },
  EHOSTUNREACH: {
    system: 'no route to host',
    number: 113,
    says: 'The neighbour or the host does not answer, or a router says so by ICMP (`sk_err_soft`, RFC 1122, section 4.2.3.9).',
  },
  TIMEOUT: {
    system: null,
    number: null,
    says: "No errno: the program's own patience has ended. Nothing on the wire says that the connection is gone.",
  },
  EOF: {
    system: null,
    number: null,
    says: 'No errno: the end of file came where it must not come, within a TLS handshake or before a reply: the peer has sent a FIN.',
  },
};
