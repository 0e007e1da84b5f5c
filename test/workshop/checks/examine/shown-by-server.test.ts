import test from 'ava';
import type { Packet } from '../../../../runners/evidence/connection.ts';
import type { Counters } from '../../../../runners/evidence/counters.ts';
import type { Observation } from '../../../../runners/evidence/observation.ts';
import { shownByServer } from '../../../../runners/workshop/checks/examine/shown-by-server.ts';
import type { Serves } from '../../../../runners/workshop/lessons/lesson.ts';
import { packet, REQUEST, ran } from '../../../_observation.ts';
import { CLOSED, REPLIED, RST, SERVED, servant } from '../../_survivor.ts';

/** What the run of a server shows, of which these segments were seen. */
function told(
  got: readonly Packet[],
  more: Partial<Observation> = {},
  after: Serves['after'] = 'ends',
): string | undefined {
  return shownByServer(servant({ packets: { got }, ...more }), { after });
}

function ended(exitStatus: number | null): Pick<Observation, 'server'> {
  return { server: ran([], { exitStatus }) };
}

const WAITS = { client: ran([], { exitStatus: null }) };
const [SYN] = REQUEST;
const [FIN] = CLOSED;
if (SYN === undefined || FIN === undefined) throw new Error('there is none');
const MISSED = [{ what: 'SIGTERM to the server', timeUs: 1, touched: 0 }];
const NO_FIN = [...REQUEST, ...REPLIED];

test('without packets, or where all is well, nothing is told', (t) => {
  const packets = { missing: 'tcpdump is not there' };
  t.is(shownByServer(servant({ packets }), { after: 'ends' }), undefined);
  t.is(told(SERVED), undefined);
  t.is(told(SERVED, ended(null), 'goes on'), undefined);
});

test('nobody could connect: it ended, or it does not listen', (t) => {
  for (const got of [[], [SYN], [SYN, packet('server', 'RST ACK', { seq: 0 })]]) {
    t.is(
      told(got, ended(1)),
      'Your server ended with status 1, and no client could connect to it.',
    );
    t.is(
      told(got, ended(null)),
      'Your server runs, but no client could connect to it: it does not listen on the port that it was given.',
    );
  }
});

/** A RST, of which these counters tell. */
function reset(server: Counters, more: Partial<Packet> = {}): string | undefined {
  const counters = { got: { client: {}, server } };
  return told([...REQUEST, { ...RST, ...more }], { counters });
}

test('a RST: what the counters, or the segment itself, say of it', (t) => {
  t.is(
    reset({ OutRsts: 1, TCPAbortOnClose: 1 }),
    'A RST went to the client: its socket was closed, by close or by the end of the program, while bytes of the client lay unread in the receive queue.',
  );
  t.is(
    reset({ OutRsts: 1 }, { stateless: true }),
    'A RST went to the client: what the client sent met a socket that your server had closed already.',
  );
  t.is(
    reset({ OutRsts: 1, TCPAbortOnData: 1 }),
    'A RST went to the client: SO_LINGER was 0 when the socket was closed, or data came for a socket that nobody reads any more.',
  );
  t.is(
    reset({ OutRsts: 1 }),
    'A RST went to the client: your server ended, or closed its listening socket, while the connection was in the listen queue, accepted by nobody.',
  );
});

test('of what tells of a RST the first is: unread bytes, a closed socket, an abort', (t) => {
  const both = { TCPAbortOnClose: 1, TCPAbortOnData: 1 };
  t.regex(reset(both, { stateless: true }) ?? '', /lay unread/);
  t.regex(reset({ TCPAbortOnData: 1 }, { stateless: true }) ?? '', /closed already/);
});

test('a RST of which no counter could be read is told all the same', (t) => {
  const counters = { missing: 'the host is gone' };
  t.regex(told([...REQUEST, RST], { counters }) ?? '', /^A RST went to the client: /);
});

test('a RST of the client is none of the server', (t) => {
  t.is(told([...SERVED, packet('client', 'RST', { seq: 16 })]), undefined);
});

test('a fault that came too late', (t) => {
  t.is(
    told(SERVED, { actions: MISSED }),
    'The fault (SIGTERM to the server) met no connection: your server had ended it before.',
  );
  const stopped = [{ what: 'SIGSTOP to the server', timeUs: 1, touched: 0 }];
  t.is(told(SERVED, { actions: stopped }), undefined, 'it is no fault');
});

test('no reply: the server has closed, has ended, or is silent', (t) => {
  t.is(
    told([...REQUEST, FIN], ended(null)),
    'Your server closed the connection with a FIN, in good order, but has sent no reply.',
  );
  t.is(
    told([...REQUEST, FIN], ended(137)),
    'Your server ended with status 137 before it had sent a reply. It had read all that came, so the kernel closed its connection with a FIN.',
  );
  t.is(
    told(REQUEST, { ...WAITS, ...ended(null) }),
    'Your server has sent no reply, and the client still waits for one.',
  );
});

test('the reply has come, but no end of file', (t) => {
  t.is(
    told(NO_FIN, WAITS),
    'The reply has come, but the client still waits: it reads until the end of file, which is the FIN of your server.',
  );
});

test('the client has gone, and the server keeps its socket', (t) => {
  t.is(
    told([...NO_FIN, packet('client', 'FIN ACK', { seq: 15, ack: 15 })], ended(null)),
    'The client has its reply and has closed, but your server never closes: its socket stays in CLOSE-WAIT.',
  );
});

test('what becomes of it afterwards', (t) => {
  t.is(
    told(SERVED, ended(null)),
    'The client has its reply, but SIGTERM has not ended your server: it would be killed at last.',
  );
  t.is(
    told(SERVED, ended(0), 'goes on'),
    'The client has its reply, but your server ended with status 0: the next client finds nobody.',
  );
  t.is(told(SERVED, ended(1)), undefined, 'that it ended badly the points tell');
});

// Each run shows also all that follows it in this list, as far as both can be.
const inOrder: readonly (readonly [RegExp, string | undefined])[] = [
  [/no client could connect/, told([SYN, RST], { actions: MISSED, ...ended(0) }, 'goes on')],
  [/^A RST went/, told([...REQUEST, RST, FIN], { actions: MISSED, ...ended(0) }, 'goes on')],
  [/met no connection/, told([...REQUEST, FIN], { actions: MISSED, ...ended(0) }, 'goes on')],
  [/before it had sent a reply/, told([...REQUEST, FIN], { ...WAITS, ...ended(0) }, 'goes on')],
  [/still waits: it reads/, told(NO_FIN, { ...WAITS, ...ended(0) }, 'goes on')],
  [/never closes/, told(NO_FIN, ended(null))],
];

for (const [place, [sentence, said]] of inOrder.entries()) {
  test(`of several things that can be told the first is: ${place + 1} · ${sentence}`, (t) => {
    t.regex(said ?? '', sentence);
  });
}
