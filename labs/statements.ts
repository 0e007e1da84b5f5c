import type { Statement } from '../runners/docs/statement.ts';
import type { CellResult } from '../runners/results/result.ts';

/**
 * What is commonly said of ends of connections. `npm run docs` holds each against the labs' runs, so that
 * none outlives its proof.
 */
const statements: readonly Statement[] = [
  {
    said: 'A server that crashes or restarts sends a RST to all its clients',
    verdict: 'it depends',
    because:
      'the kernel closes the sockets of a dead process: RST where a request was unread, FIN where all was read; a host that vanishes sends nothing',
    proofs: [
      { lab: 'crash-server', sees: 'RST, no FIN', shows: (cell) => rst(cell) && !fin(cell) },
      {
        lab: 'crash-idle',
        sees: 'FIN, no RST',
        shows: (cell) => fin(cell, 'server') && !rst(cell),
      },
      {
        ...{ lab: 'half-open', variant: 'reads', sees: 'no RST, no FIN; the read does not return' },
        shows: (cell) => !rst(cell) && !fin(cell) && blocks(cell, 'read'),
      },
    ],
  },
  {
    said: 'The server closing the socket abruptly means closing without a FIN',
    verdict: 'it depends',
    because:
      'an abort, or a close with data unread, sends a RST in place of the FIN; a process that is killed with all read sends the same FIN as in a close',
    proofs: [
      { lab: 'abort', sees: 'RST, no FIN', shows: (cell) => rst(cell) && !fin(cell) },
      { lab: 'crash-idle', sees: 'SIGKILL, then a FIN', shows: (cell) => fin(cell, 'server') },
    ],
  },
  {
    said: 'Writing to a socket that the peer has closed gives "Connection reset by peer"',
    verdict: 'false',
    because:
      'the first write succeeds and provokes a RST; since a FIN came before it, the next write shows EPIPE and a read end of file',
    proofs: [
      {
        ...{ lab: 'closed-socket', client: 'python', sees: 'send ok, then Broken pipe' },
        shows: (cell) => times(cell, 'send', 'ok') === 2 && failed(cell, 'send', /Broken pipe/),
      },
      {
        ...{ lab: 'closed-socket', client: 'java', sees: 'send ok, then Broken pipe' },
        shows: (cell) => times(cell, 'send', 'ok') === 2 && failed(cell, 'send', /Broken pipe/),
      },
    ],
  },
  {
    said: 'In Java the message of the exception contains "Connection reset by peer"',
    verdict: 'false',
    because:
      'a read that meets a RST says `Connection reset`; the words "by peer" are those of the system, and come only from a write',
    proofs: ['abort', 'crash-server'].map((lab) => ({
      ...{ lab, client: 'java', sees: '`Connection reset` and no more' },
      shows: (cell: CellResult) => failed(cell, 'read', /^Connection reset$/),
    })),
  },
  {
    said: '`out.println` in Java throws when the peer is gone',
    verdict: 'false',
    because:
      'a write only hands bytes to the kernel, so the first succeeds whatever stream makes it; and a `PrintWriter` swallows the later exceptions (ask `checkError()`)',
    proofs: [
      {
        ...{
          lab: 'closed-socket',
          client: 'java',
          sees: 'the peer has closed, and the next send is ok',
        },
        shows: (cell) => times(cell, 'send', 'ok') === 2,
      },
      {
        ...{
          lab: 'half-open',
          variant: 'writes',
          client: 'java',
          sees: 'no peer any more, send ok',
        },
        shows: (cell) => times(cell, 'send', 'ok') === 2,
      },
    ],
  },
  {
    said: 'An idle connection is reset by the operating system when keep-alive times out',
    verdict: 'it depends',
    because:
      'TCP keepalive that gets no answer ends in ETIMEDOUT, and the RST goes the other way; only a peer that has forgotten the connection answers a probe with a RST; the timeout of HTTP keep-alive is an ordinary close: FIN',
    proofs: [
      {
        ...{
          lab: 'keepalive',
          variant: 'unreachable',
          sees: 'ETIMEDOUT; the RST is sent by the client',
        },
        shows: (cell) => failed(cell, 'read', /timed out|ETIMEDOUT/) && rst(cell, 'client'),
      },
      {
        ...{ lab: 'keepalive', variant: 'rebooted', sees: 'ECONNRESET' },
        shows: (cell) => failed(cell, 'read', RESET) && rst(cell, 'server'),
      },
      {
        ...{ lab: 'idle-timeout', variant: 'closed', sees: 'FIN from the load balancer' },
        shows: (cell) => fin(cell, 'balancer'),
      },
    ],
  },
  {
    said: 'Sending data to a port on which nothing listens gives a reset',
    verdict: 'it depends',
    because:
      'without a connection no data can be sent: connect fails with ECONNREFUSED; data of a connection that the kernel does not know is answered with a RST, whether something listens on the port or not',
    proofs: [
      {
        ...{ lab: 'refused', sees: 'connect fails, refused' },
        shows: (cell) => failed(cell, 'connect', /refused|ECONNREFUSED/),
      },
      {
        ...{ lab: 'restart-server', variant: 'not-listening', sees: 'RST, ECONNRESET' },
        shows: (cell) => rst(cell, 'server') && failed(cell, 'read', RESET),
      },
      {
        ...{
          lab: 'restart-server',
          variant: 'listening',
          sees: 'RST, ECONNRESET, and a server listens',
        },
        shows: (cell) => rst(cell, 'server') && failed(cell, 'read', RESET),
      },
    ],
  },
  {
    said: 'A firewall that starts to reject a connection resets it at once',
    verdict: 'false',
    because: 'a rule sends nothing by itself: it answers the next segment that comes',
    proofs: [
      {
        ...{
          lab: 'firewall-reset',
          variant: 'only-reads',
          sees: 'no RST; the read does not return',
        },
        shows: (cell) => !rst(cell) && blocks(cell, 'read'),
      },
      {
        ...{ lab: 'firewall-reset', variant: 'writes', sees: 'RST in answer to data' },
        shows: (cell) => rst(cell),
      },
    ],
  },
  {
    said: 'When the server runs out of file descriptors or memory, the system resets its connections',
    verdict: 'it depends',
    because:
      'the end of the process closes its sockets by the same rule as ever: RST where something was unread or nobody had accepted, else FIN; and while it lives on, nothing is sent at all',
    proofs: [
      {
        lab: 'fd-exhaustion',
        variant: 'queued',
        sees: 'RST',
        shows: (cell) => rst(cell, 'server'),
      },
      {
        ...{ lab: 'fd-exhaustion', variant: 'accepted', sees: 'FIN, no RST' },
        shows: (cell) => fin(cell, 'server') && !rst(cell),
      },
      { lab: 'oom-kill', variant: 'unread', sees: 'RST', shows: (cell) => rst(cell, 'server') },
      {
        ...{ lab: 'oom-kill', variant: 'already-read', sees: 'FIN, no RST' },
        shows: (cell) => fin(cell, 'server') && !rst(cell),
      },
    ],
  },
  {
    said: 'If the client reads after the RST, it gets "Connection reset by peer"',
    verdict: 'it depends',
    because: 'a RST without a FIN before it: ECONNRESET, once; a RST after a FIN: end of file',
    proofs: [
      { lab: 'abort', sees: 'ECONNRESET', shows: (cell) => failed(cell, 'read', RESET) },
      {
        ...{
          lab: 'closed-socket',
          client: 'python',
          sees: 'FIN, RST, and the read is end of file',
        },
        shows: (cell) => rst(cell) && times(cell, 'read', 'eof') === 1,
      },
    ],
  },
  {
    said: 'An exception with code ECONNRESET proves that a RST arrived',
    verdict: 'false',
    because:
      'libraries borrow the code: Node gives it to a FIN in the middle of a TLS handshake (and to the "socket hang up" of HTTP)',
    proofs: [
      {
        ...{ lab: 'wrong-protocol', variant: 'tls-to-plain', client: 'node', server: 'java' },
        sees: 'the FIN comes first; the code is ECONNRESET, the message another than `read ECONNRESET`',
        shows: (cell) =>
          finFirst(cell) &&
          cell.steps.some(
            ({ step, error }) =>
              step === 'handshake' &&
              error?.errno === 'ECONNRESET' &&
              error.message.includes('disconnected before secure TLS connection'),
          ),
      },
    ],
  },
  {
    said: 'After a reset the data that the peer had sent before is lost',
    verdict: 'it depends',
    because:
      'what has been read stays read; but the RST tells that the server did not read all, and nothing tells how much of a request was done',
    proofs: [
      {
        ...{ lab: 'early-close', sees: 'the answer is read, then ECONNRESET' },
        shows: (cell) => times(cell, 'read', 'ok') === 1 && failed(cell, 'read', RESET),
      },
    ],
  },
  {
    said: '"Connection refused" is a RST, too',
    verdict: 'true',
    because: 'a kernel without a listening socket answers the SYN with a RST',
    proofs: [
      {
        ...{ lab: 'refused', sees: 'RST in answer to the SYN' },
        shows: (cell) => rst(cell, 'server') && cell.packets?.length === 2,
      },
    ],
  },
  {
    said: '`close()` ends a connection with a FIN',
    verdict: 'it depends',
    because: 'with data unread in the receive queue it sends a RST instead (RFC 1122, 4.2.2.13)',
    proofs: [
      { lab: 'hello', sees: 'FIN from both', shows: (cell) => fin(cell, 'server') && !rst(cell) },
      {
        ...{ lab: 'early-close', sees: 'close, and RST in place of FIN' },
        shows: (cell) => rst(cell, 'server') && !fin(cell, 'server'),
      },
    ],
  },
  {
    said: 'ETIMEDOUT and ECONNRESET mean the same: the connection is gone',
    verdict: 'false',
    because:
      'ETIMEDOUT says that nobody has answered, ECONNRESET that somebody has: with a RST. They lead to different places',
    proofs: [
      {
        ...{ lab: 'firewall-drop', sees: 'ETIMEDOUT, and no RST on the link' },
        shows: (cell) => failed(cell, 'read', /timed out|ETIMEDOUT/) && !rst(cell),
      },
      {
        ...{ lab: 'firewall-reset', variant: 'writes', sees: 'ECONNRESET, and a RST' },
        shows: (cell) => failed(cell, 'read', RESET) && rst(cell),
      },
    ],
  },
  {
    said: 'A firewall that drops the packets gives "Connection reset"',
    verdict: 'false',
    because: 'it gives silence; the kernel sends again and again, and then says that it timed out',
    proofs: [
      {
        ...{ lab: 'firewall-drop', sees: 'retransmissions, no RST' },
        shows: (cell) => !rst(cell) && (cell.packets ?? []).some((one) => one.retransmission),
      },
      {
        ...{ lab: 'nat-expiry', variant: 'dropped', sees: 'retransmissions, no RST' },
        shows: (cell) => !rst(cell) && (cell.packets ?? []).some((one) => one.retransmission),
      },
    ],
  },
  {
    said: 'When connect has succeeded, the server has accepted the connection',
    verdict: 'false',
    because:
      'the kernel makes the handshake and puts the connection into a queue; `accept` only takes it from there, or never does',
    proofs: [
      {
        ...{
          lab: 'fd-exhaustion',
          variant: 'queued',
          sees: 'connect ok, and no accept that succeeds',
        },
        shows: (cell) => times(cell, 'connect', 'ok') === 1 && !accepted(cell),
      },
      {
        ...{ lab: 'backlog-overflow', sees: 'connect ok, and no accept' },
        shows: (cell) => times(cell, 'connect', 'ok') === 1 && !accepted(cell),
      },
    ],
  },
  {
    said: 'When a write has succeeded, the peer has got the data',
    verdict: 'false',
    because: 'it says that the kernel has taken them; what becomes of them, a later call tells',
    proofs: [
      {
        ...{ lab: 'firewall-drop', sees: 'send ok; ETIMEDOUT comes with the read' },
        shows: (cell) =>
          times(cell, 'send', 'ok') === 2 && failed(cell, 'read', /timed out|ETIMEDOUT/),
      },
      {
        ...{
          lab: 'restart-server',
          variant: 'listening',
          sees: 'send ok; ECONNRESET comes with the read',
        },
        shows: (cell) => times(cell, 'send', 'ok') === 2 && failed(cell, 'read', RESET),
      },
    ],
  },
  {
    said: 'When the host of the peer vanishes, the connection ends',
    verdict: 'false',
    because: 'a connection is only what two kernels remember: who sends nothing learns nothing',
    proofs: [
      {
        ...{ lab: 'half-open', variant: 'reads', sees: 'the read does not return' },
        shows: (cell) => blocks(cell, 'read') && !rst(cell),
      },
    ],
  },
  {
    said: 'TCP keepalive detects a dead peer at once',
    verdict: 'false',
    because:
      'after an idle time (2 hours, unless set otherwise) and several probes without an answer (9, each 75 seconds after the last)',
    proofs: [
      {
        ...{ lab: 'keepalive', variant: 'unreachable', sees: 'all probes come before ETIMEDOUT' },
        shows: (cell) =>
          (cell.packets ?? []).filter((one) => one.keepAlive).length >= 2 &&
          failed(cell, 'read', /timed out|ETIMEDOUT/),
      },
    ],
  },
  {
    said: 'A RST comes from the host whose address it bears',
    verdict: 'false',
    because:
      'a middlebox, or anybody on the way, can make one; its time to live, and the counters of the host, tell',
    proofs: [
      {
        ...{
          lab: 'firewall-reset',
          variant: 'writes',
          sees: 'RST with another TTL; the server counted none',
        },
        shows: (cell) => rst(cell) && otherTtl(cell) && sentNoRst(cell),
      },
      {
        ...{
          lab: 'forged-reset',
          variant: 'exact',
          sees: 'RST with another TTL; the server counted none',
        },
        shows: (cell) => rst(cell) && otherTtl(cell) && sentNoRst(cell),
      },
    ],
  },
  {
    said: 'Any RST with the right addresses and ports ends the connection',
    verdict: 'false',
    because:
      'its sequence number must be exactly the next one; in the window it is only asked back for, by a challenge ACK (RFC 5961)',
    proofs: [
      {
        ...{
          lab: 'forged-reset',
          variant: 'in-window',
          sees: 'RST, challenge ACK, and the reply is read',
        },
        shows: (cell) =>
          rst(cell) &&
          times(cell, 'read', 'ok') === 1 &&
          cell.kernel.hosts?.client.TCPChallengeACK === 1,
      },
    ],
  },
  {
    said: 'The log of the server shows when it has reset a connection',
    verdict: 'false',
    because:
      'resets are made by kernels and middleboxes: the program on the server may know of nothing',
    proofs: [
      {
        ...{ lab: 'backlog-overflow', sees: 'RST of the kernel; the server printed nothing' },
        shows: (cell) => rst(cell, 'server') && serverIsSilent(cell),
      },
      {
        ...{
          lab: 'firewall-reset',
          variant: 'writes',
          sees: 'the server printed nothing and waits',
        },
        shows: (cell) => rst(cell) && serverIsSilent(cell),
      },
    ],
  },
  {
    said: 'After a reset the request can simply be sent again',
    verdict: 'it depends',
    because:
      'nobody knows whether the server had done it before it died: what may be done twice, may be sent twice; a payment may not',
    proofs: [
      {
        ...{
          lab: 'restart-server',
          cured: 'retry',
          sees: 'ECONNRESET, another connection, the reply',
        },
        shows: (cell) => failed(cell, 'read', RESET) && times(cell, 'read', 'ok') === 1,
      },
      {
        ...{
          lab: 'restart-server',
          cured: 'not-twice',
          sees: 'ECONNRESET, and no second connection',
        },
        shows: (cell) => failed(cell, 'read', RESET) && times(cell, 'connect', 'ok') === 1,
      },
    ],
  },
  {
    said: 'When a connection is aborted under a program, the peer has done it',
    verdict: 'false',
    because:
      'an administrator of its own host can: then it is ECONNABORTED, and the RST goes to the peer',
    proofs: [
      {
        ...{
          lab: 'local-abort',
          variant: 'on-the-client',
          sees: 'ECONNABORTED; the RST is sent by the client',
        },
        shows: (cell) =>
          failed(cell, 'read', /caused connection abort|ECONNABORTED/) && rst(cell, 'client'),
      },
    ],
  },
];

export default statements;

/** How the languages say ECONNRESET on a read. */
const RESET = /Connection reset|ECONNRESET/;

function has(cell: CellResult, flag: string, from?: string): boolean {
  return (cell.packets ?? []).some(
    (packet) => packet.flags.includes(flag) && (from === undefined || packet.from === from),
  );
}

function rst(cell: CellResult, from?: string): boolean {
  return has(cell, 'RST', from);
}

function fin(cell: CellResult, from?: string): boolean {
  return has(cell, 'FIN', from);
}

function finFirst({ packets }: CellResult): boolean {
  const end = packets?.find(({ flags }) => flags.includes('FIN') || flags.includes('RST'));
  return end?.flags.includes('FIN') ?? false;
}

/** How often the client's step ended so. */
function times({ steps }: CellResult, name: string, how: string): number {
  return steps.filter(
    ({ role, step, outcome }) => role === 'client' && step === name && outcome === how,
  ).length;
}

function failed({ steps }: CellResult, name: string, message: RegExp): boolean {
  return steps.some(
    ({ role, step, error }) =>
      role === 'client' && step === name && error !== null && message.test(error.message),
  );
}

function blocks({ unfinished }: CellResult, name: string): boolean {
  return unfinished.some(({ role, step }) => role === 'client' && step === name);
}

function accepted({ steps }: CellResult): boolean {
  return steps.some(
    ({ role, step, outcome }) => role === 'server' && step === 'accept' && outcome === 'ok',
  );
}

function otherTtl({ packets }: CellResult): boolean {
  const ttl = (flag: string) =>
    packets?.find(({ flags, from }) => from === 'server' && flags.includes(flag))?.ttl;
  return ttl('RST') !== ttl('SYN');
}

function sentNoRst({ kernel }: CellResult): boolean {
  return kernel.hosts !== null && (kernel.hosts.server.OutRsts ?? 0) === 0;
}

function serverIsSilent({ outputs }: CellResult): boolean {
  return outputs.some(({ role, out, err }) => role === 'server' && out.length + err.length === 0);
}
