import test from 'ava';
import { type Match, matches } from '../../runners/guide/match.ts';
import { entryOf } from './_entries.ts';

/** `ECONNRESET "words" in lua, twice 2` */
function told({ errno, found, entries, times }: Match): string {
  const names = [...new Set(entries.map(({ language }) => language.name))];
  const often = times === 1 ? '' : `, ${times} times`;
  return `${errno} "${found}" ${names.join(' ') || 'nobody'}${often}`;
}

const JAVA = entryOf('java: read ECONNRESET', 'java.net.SocketException: Connection reset');
const SYSTEM = entryOf('c: read ECONNRESET', 'recv: Connection reset by peer');
const ALSO = entryOf('perl: read ECONNRESET', '$!: Connection reset by peer', {
  language: { marks: [/ at \S+ line \d+\.$/] },
});
const WRITE = entryOf(
  'java: send ECONNRESET',
  'java.net.SocketException: Connection reset by peer',
);
const NODE = entryOf('node: connect ECONNREFUSED', 'Error: connect ECONNREFUSED {address}:{port}');
const RUST = entryOf(
  'rust: read ECONNRESET',
  'ConnectionReset: Connection reset by peer (os error 104)',
  {
    language: { marks: [/\bkind: [A-Z]/, /\(os error/] },
  },
);
const HANG_UP = entryOf('node: read EOF', 'Error: socket hang up', {
  face: { errno: 'ECONNRESET' },
});
const RESET = entryOf('node: read ECONNRESET', 'Error: read ECONNRESET', {
  language: { marks: [/\(node:/] },
});
const ALL = [JAVA, SYSTEM, ALSO, WRITE, NODE, RUST, HANG_UP, RESET];

const found = (text: string, entries = ALL) => matches(text, entries).map(told);

test('the longest words count', (t) => {
  t.deepEqual(found('could not ask: Connection reset'), ['ECONNRESET "Connection reset" java']);
  t.deepEqual(found('could not ask: Connection reset by peer'), [
    'ECONNRESET "Connection reset by peer" c perl java',
  ]);
  t.deepEqual(found('Connection reset by peer (os error 104)'), [
    'ECONNRESET "Connection reset by peer (os error 104)" rust',
  ]);
});

test('one whose type is there is not of those who share the words', (t) => {
  t.deepEqual(found('recv: Connection reset by peer'), ['ECONNRESET "Connection reset by peer" c']);
  t.deepEqual(found('java.net.SocketException: Connection reset by peer'), [
    'ECONNRESET "Connection reset by peer" java',
  ]);
  // A part of a word is no type.
  t.deepEqual(found('xrecv: Connection reset by peer'), [
    'ECONNRESET "Connection reset by peer" c perl java',
  ]);
});

test('a language is told by what stands around the words', (t) => {
  t.deepEqual(found('Connection reset by peer at ask.pl line 9.'), [
    'ECONNRESET "Connection reset by peer" perl',
  ]);
  // Before the type of another: perl, too, may say which call it was.
  t.deepEqual(found('recv: Connection reset by peer at ask.pl line 9.'), [
    'ECONNRESET "Connection reset by peer" perl',
  ]);
  t.deepEqual(
    found('Os { code: 104, kind: ConnectionReset, message: "Connection reset by peer" }'),
    ['ECONNRESET "Connection reset by peer" rust'],
    'which has other words for itself',
  );
});

test('a language is told by another line of the text, if it has these words and no other is told', (t) => {
  const line = 'failed: Connection reset by peer';
  t.deepEqual(found(`${line}\n  called at ask.pl line 9.`), [
    'ECONNRESET "Connection reset by peer" perl',
  ]);
  for (const other of ['at f (node:net:1)', 'called at ask.pl line 9.\n  at f (node:net:1)']) {
    t.deepEqual(found(`${line}\n  ${other}`), [
      'ECONNRESET "Connection reset by peer" c perl java',
    ]);
  }
});

test('what changes in a text may be anything of its kind', (t) => {
  for (const peer of ['192.0.2.1:80', '::1:8080', 'db.internal:5432']) {
    t.deepEqual(found(`Error: connect ECONNREFUSED ${peer} - Local (0.0.0.0:0)`), [
      `ECONNREFUSED "connect ECONNREFUSED ${peer}" node`,
    ]);
  }
  t.deepEqual(found('Error: connect ECONNREFUSED'), ['ECONNREFUSED "ECONNREFUSED" nobody']);
});

test('a few words that any sentence may have are found where they are a message', (t) => {
  const eof = entryOf('go: read EOF', '*errors.errorString: EOF');
  for (const text of [
    'Connection reset',
    '2026-11-22T01:12:03Z Connection reset',
    'WARN Connection reset',
    'failed (Connection reset)',
    'failed: Connection reset at java.base/sun.nio.ch.Net.connect',
  ]) {
    t.deepEqual(found(text), ['ECONNRESET "Connection reset" java'], text);
  }
  for (const text of ['2026/11/22 01:13:37 EOF', 'Get "http://192.0.2.1/": EOF', 'EOF']) {
    t.deepEqual(found(text, [eof]), ['EOF "EOF" go'], text);
  }
  for (const text of [
    'Connection reset to the factory settings',
    'The Connection reset button',
    'unexpected EOF',
    'cat <<EOF',
    'EOF reached',
  ]) {
    t.deepEqual(found(text, [...ALL, eof]), [], text);
  }
});

test('a type without a message is found where no message follows', (t) => {
  const silent = entryOf('python: handshake EOF', 'ConnectionResetError');
  for (const text of [
    'ConnectionResetError',
    'failed (ConnectionResetError)',
    'ConnectionResetError: ',
  ]) {
    t.deepEqual(found(text, [silent]), ['EOF "ConnectionResetError" python'], text);
  }
  t.deepEqual(found('Gone', [entryOf('lua: read EOF', 'Gone')]), ['EOF "Gone" lua']);
  const worded = entryOf('python: read ECONNRESET', 'ConnectionResetError: [Errno 104] Reset');
  t.deepEqual(found('ConnectionResetError: [Errno 104] Reset', [silent, worded]), [
    'ECONNRESET "[Errno 104] Reset" python',
  ]);
});

test('the space at the end of a text may have been lost', (t) => {
  const gets = entryOf('ruby: read ECONNRESET', 'Reset: reset by peer @ io_fillbuf - fd:{number} ');
  for (const text of [
    'Reset: reset by peer @ io_fillbuf - fd:5 ',
    'reset by peer @ io_fillbuf - fd:5',
  ]) {
    t.deepEqual(found(text, [gets]), ['ECONNRESET "reset by peer @ io_fillbuf - fd:5" ruby']);
  }
});

test('a cause in fewer words of its language is the more precise', (t) => {
  const text =
    'java.net.Other: Connection reset by peer\nCaused by: java.net.SocketException: Connection reset by peer';
  const marked = { language: { marks: [/\bjava\./] } };
  const wait = entryOf(
    'java: wait ECONNRESET',
    'java.io.IOException: Connection reset by peer',
    marked,
  );
  t.is(matches(text, [wait, WRITE])[0]?.entries.length, 1);
  t.is(matches(text.split('\n')[0] ?? '', [wait, WRITE])[0]?.entries.length, 2);
});

test('words of which chance decides are those of the same', (t) => {
  const either = entryOf('ruby: read EOF', 'SSLError: peeraddr={address} eof', {
    face: { or: ['peeraddr=(null) eof'] },
  });
  t.deepEqual(found('SSLError: peeraddr=(null) eof', [either]), ['EOF "peeraddr=(null) eof" ruby']);
});

test('an errno is found by its name, its number or the words of the system', (t) => {
  for (const [text, name] of [
    ['ECONNRESET', 'ECONNRESET'],
    ['{:tcp_error, :econnreset}', 'econnreset'],
    ['failed with errno 104', 'errno 104'],
    ['{"errno":-104}', 'errno":-104'],
    ['(os error 104)', 'os error 104'],
    ['Connection Reset By Peer', 'Connection Reset By Peer'],
  ]) {
    t.deepEqual(found(text ?? '', [JAVA]), [`ECONNRESET "${name}" nobody`], text);
  }
  for (const text of [
    'WSAECONNRESET',
    'exited with code 104',
    '"code": 104',
    'errno 1040',
    'error 104',
  ]) {
    t.deepEqual(found(text, [JAVA]), [], text);
  }
});

test('an errno in the frame of a language is what that language shows', (t) => {
  const show = entryOf('elixir.show: read ECONNRESET', ':econnreset: {:error, :econnreset}', {
    language: { marks: [/#Port</] },
  });
  const other = entryOf('elixir: handshake ECONNRESET', ':closed: {:error, :closed}', {
    language: { marks: [/#Port</] },
  });
  t.deepEqual(found('{:tcp_error, #Port<0.6>, :econnreset}', [other, show]), [
    'ECONNRESET "econnreset" elixir.show',
  ]);
});

test('properties of an error that is printed are no errors beside it', (t) => {
  const dump = [
    'Error: read ECONNRESET',
    '    at f (node:net:1:2)',
    '  errno: -104,',
    "  code: 'ECONNRESET'",
  ];
  t.deepEqual(found(dump.join('\n')), ['ECONNRESET "read ECONNRESET" node']);
  // Its code says ECONNRESET, and no reset has come.
  t.deepEqual(found("Error: socket hang up {\n  code: 'ECONNRESET'\n}"), [
    'EOF "socket hang up" node',
  ]);
  t.deepEqual(found("Error: socket hang up {\n  code: 'EPIPE'\n}"), [
    'EOF "socket hang up" node',
    'EPIPE "EPIPE" nobody',
  ]);
  t.deepEqual(found('Error: socket hang up\nECONNRESET'), [
    'EOF "socket hang up" node',
    'ECONNRESET "ECONNRESET" nobody',
  ]);
});

test('a cause tells which of several errnos it is', (t) => {
  const [reset, eof] = (['ECONNRESET', 'EOF'] as const).map((errno) =>
    entryOf(`java: read ${errno}`, 'java.io.IOException: no bytes were received', { held: false }),
  );
  const all = [...ALL, ...(reset && eof ? [reset, eof] : [])];
  const first = 'java.io.IOException: no bytes were received';
  const both = ['ECONNRESET "no bytes were received" java', 'EOF "no bytes were received" java'];
  t.deepEqual(found(first, all), both);
  t.deepEqual(found(`${first}\nCaused by: java.net.SocketException: Connection reset`, all), [
    'ECONNRESET "Connection reset" java',
  ]);
  t.deepEqual(found(`${first}\nCaused by: ${first}`, all), both);
  // What follows without being its cause is another error.
  t.deepEqual(found(`${first}\njava.net.SocketException: Connection reset`, all), [
    'ECONNRESET "no bytes were received" java',
    'EOF "no bytes were received" java',
    'ECONNRESET "Connection reset" java',
  ]);
});

test('all errors of a log are found in their order, each once', (t) => {
  const log = [
    '01:12:03 connect ECONNREFUSED 192.0.2.1:80',
    '01:12:04 all is well',
    '01:12:05 read ECONNRESET',
    '01:12:06 connect ECONNREFUSED 192.0.2.2:80',
    '01:12:07 ECONNREFUSED',
  ];
  t.deepEqual(found(log.join('\r\n')), [
    'ECONNREFUSED "connect ECONNREFUSED 192.0.2.1:80" node, 2 times',
    'ECONNRESET "read ECONNRESET" node',
  ]);
  t.is(matches(log.join('\n'), ALL)[1]?.line, '01:12:05 read ECONNRESET');
});

test('a type alone is the last that is looked for', (t) => {
  t.deepEqual(found('failed with ConnectionReset'), ['ECONNRESET "ConnectionReset" rust']);
  t.deepEqual(
    found('except ConnectionReset: failed with Connection reset by peer (os error 104)'),
    ['ECONNRESET "Connection reset by peer (os error 104)" rust'],
  );
  // A flavour that renames an error would say more than is true of its language.
  const renamed = entryOf('rust.async: send EPIPE', 'ConnectionReset: lost');
  t.deepEqual(found('failed with ConnectionReset', [renamed, RUST]), [
    'ECONNRESET "ConnectionReset" rust',
  ]);
  t.deepEqual(found('failed with ConnectionReset', [renamed]), [
    'EPIPE "ConnectionReset" rust.async',
  ]);
  // These tell no errno.
  for (const text of ['java.net.SocketException', 'Error', 'recv']) t.deepEqual(found(text), []);
});

test('what is none of it is not found', (t) => {
  for (const text of [
    '',
    ' \n ',
    'password reset',
    'Connection: keep-alive',
    'SyntaxError: reset',
  ]) {
    t.deepEqual(found(text), [], text);
  }
});
