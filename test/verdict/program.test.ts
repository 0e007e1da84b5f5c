import test from 'ava';
import type { StepOutcome } from '../../runners/catalog/expectation.ts';
import { readReport, type StepError } from '../../runners/evidence/steps.ts';
import { describeError, describeStep, judgeProgram } from '../../runners/verdict/program.ts';
import { LANGUAGES, PEER, RESET, ran, type Said } from '../_observation.ts';

/** The client's own address is that of the documentation's network, too. */
const ENDS = { ...PEER, own: '192.0.2.1' };

const EXPECTED: readonly StepOutcome[] = ['connect ok', 'send ok', 'read ECONNRESET'];

function judged(said: readonly Said[], expected = EXPECTED, language = LANGUAGES.python) {
  return judgeProgram(expected, language, ran(said), ENDS);
}

test('steps that ended as expected, with the exact words of the language, agree', (t) => {
  const words: [keyof typeof LANGUAGES, StepError][] = [
    ['java', { type: 'java.net.SocketException', errno: null, message: 'Connection reset' }],
    ['node', { type: 'Error', errno: 'ECONNRESET', message: 'read ECONNRESET' }],
    ['python', RESET],
  ];
  for (const [name, error] of words) {
    const said: Said[] = ['connect ok', 'send ok', ['read', error]];
    t.deepEqual(judged(said, EXPECTED, LANGUAGES[name]), {
      agreement: 'agrees',
      expected: 'connect ok, send ok, read ECONNRESET',
      observed: 'connect ok, send ok, read ECONNRESET',
    });
  }
});

test('a message with one other word contradicts, and both messages are told', (t) => {
  const message = '[Errno 104] Connection reset by pear';
  t.deepEqual(judged(['connect ok', 'send ok', ['read', { ...RESET, message }]]), {
    agreement: 'contradicts',
    expected: 'read: ConnectionResetError: [Errno 104] Connection reset by peer (ECONNRESET)',
    observed: 'read: ConnectionResetError: [Errno 104] Connection reset by pear (ECONNRESET)',
  });
});

test('another type of exception contradicts', (t) => {
  const error = { ...RESET, type: 'http.client.RemoteDisconnected' };
  t.is(judged(['connect ok', 'send ok', ['read', error]]).agreement, 'contradicts');
});

test('another errno contradicts, and so does an errno that is not told', (t) => {
  for (const errno of ['EPIPE', null]) {
    const found = judged(['connect ok', 'send ok', ['read', { ...RESET, errno }]]);
    t.is(found.agreement, 'contradicts', String(errno));
  }
});

test('the same error on another step contradicts', (t) => {
  t.deepEqual(judged(['connect ok', ['send', RESET]]), {
    agreement: 'contradicts',
    expected: 'send ok',
    observed: 'send: ConnectionResetError: [Errno 104] Connection reset by peer (ECONNRESET)',
  });
});

test('an end of file where a reset is expected contradicts', (t) => {
  t.deepEqual(judged(['connect ok', 'send ok', 'read eof', 'close ok']), {
    agreement: 'contradicts',
    expected: 'read: ConnectionResetError: [Errno 104] Connection reset by peer (ECONNRESET)',
    observed: 'read eof',
  });
});

test('a reset, or a reply, where an end of file is expected contradicts', (t) => {
  const expected: StepOutcome[] = ['connect ok', 'send ok', 'read eof'];
  t.is(judged(['connect ok', 'send ok', 'read eof'], expected).agreement, 'agrees');
  for (const read of ['read ok', ['read', RESET]] as Said[]) {
    t.is(judged(['connect ok', 'send ok', read], expected).agreement, 'contradicts');
  }
});

test('a step that did not end contradicts', (t) => {
  const found = judged(['connect ok', 'send ok', 'read begin']);
  t.is(found.agreement, 'contradicts');
  t.is(found.observed, 'read did not end');
});

test('a step that is missing contradicts', (t) => {
  const found = judged(['connect ok', 'send ok']);
  t.is(found.agreement, 'contradicts');
  t.is(found.observed, 'no further step');
});

test('a step too many contradicts', (t) => {
  t.deepEqual(judged(['connect ok', 'send ok', ['read', RESET], 'close ok']), {
    agreement: 'contradicts',
    expected: 'nothing after read ECONNRESET',
    observed: 'close ok',
  });
});

test('steps in another order contradict', (t) => {
  t.deepEqual(judged(['send ok', 'connect ok', ['read', RESET]]), {
    agreement: 'contradicts',
    expected: 'connect ok',
    observed: 'send ok',
  });
});

test('the peer in a message must be the cell’s own', (t) => {
  const expected: StepOutcome[] = ['connect ECONNREFUSED'];
  const refused = (peer: string): Said[] => [
    ['connect', { type: 'Error', errno: 'ECONNREFUSED', message: `connect ECONNREFUSED ${peer}` }],
  ];
  const agreement = (peer: string) => judged(refused(peer), expected, LANGUAGES.node).agreement;
  t.is(agreement('192.0.2.2:20004'), 'agrees');
  t.is(agreement('192.0.2.2:20005'), 'contradicts');
  t.is(agreement('192.0.2.1:20004'), 'contradicts');
  t.is(agreement('{address}:{port}'), 'contradicts');
});

test('both ends in a message are the cell’s own, as in a URL', (t) => {
  const message = 'read tcp {own}:{number}->{peer}:{port}: read: connection reset by peer';
  const faces = { read: { ECONNRESET: { type: '*net.OpError', errno: 'ECONNRESET', message } } };
  const agreement = (ends: string, at: typeof ENDS) => {
    const error = { ...faces.read.ECONNRESET, message: message.replace(/\{.*\}/, ends) };
    const said = ran(['connect ok', 'send ok', ['read', error]]);
    return judgeProgram(EXPECTED, { faces, title: 'Go' }, said, at).agreement;
  };
  t.is(agreement('192.0.2.1:40000->192.0.2.2:20004', ENDS), 'agrees');
  t.is(agreement('192.0.2.3:40000->192.0.2.2:20004', ENDS), 'contradicts');
  t.is(agreement('192.0.2.1:->192.0.2.2:20004', ENDS), 'contradicts');
  t.is(agreement('192.0.2.1:40000->192.0.2.2:20005', ENDS), 'contradicts');
  const six = { address: '2001:db8::2', port: 20_004, own: '2001:db8::1' };
  t.is(agreement('[2001:db8::1]:40000->[2001:db8::2]:20004', six), 'agrees');
  t.is(agreement('2001:db8::1:40000->2001:db8::2:20004', six), 'contradicts');
});

test('a client that reported nothing is no witness, and what it printed is told', (t) => {
  t.deepEqual(judgeProgram(EXPECTED, LANGUAGES.python, null, ENDS), {
    agreement: 'unavailable',
    expected: 'connect ok, send ok, read ECONNRESET',
    observed: 'the client reported no step',
  });
  const silent = ran([], { err: ['', 'SyntaxError: invalid syntax', 'more'] });
  const { agreement, observed } = judgeProgram(EXPECTED, LANGUAGES.python, silent, ENDS);
  t.is(agreement, 'unavailable');
  t.is(observed, 'the client reported no step; it printed: SyntaxError: invalid syntax');
});

test('a line that does not follow the format contradicts', (t) => {
  const good = ran(['connect ok', 'send ok', ['read', RESET]]);
  const report = { ...good.report, malformed: ['1\tread\tperhaps'] };
  t.deepEqual(judgeProgram(EXPECTED, LANGUAGES.python, { ...good, report }, ENDS), {
    agreement: 'contradicts',
    expected: 'steps in the documented format',
    observed: '"1\\tread\\tperhaps"',
  });
});

test('an errno without a face in the language cannot be judged', (t) => {
  const { read: _, ...faces } = LANGUAGES.python.faces;
  t.deepEqual(
    judged(['connect ok', 'send ok', ['read', RESET]], EXPECTED, { ...LANGUAGES.python, faces }),
    {
      agreement: 'unavailable',
      expected: 'read ECONNRESET',
      observed: 'no face of ECONNRESET on read is recorded for Python',
    },
  );
});

test('a face with other words than the language has contradicts', (t) => {
  const faces = { read: { ECONNRESET: { ...RESET, message: 'Connection reset' } } };
  const altered = { ...LANGUAGES.python, faces };
  t.is(
    judged(['connect ok', 'send ok', ['read', RESET]], EXPECTED, altered).agreement,
    'contradicts',
  );
});

test('steps are described as the language prints them', (t) => {
  const steps = (said: Said) => describeStep(ran([said]).report.steps[0]);
  t.is(steps('read eof'), 'read eof');
  t.is(steps('read begin'), 'read did not end');
  t.is(describeStep(readReport([]).steps[0]), 'no further step');
  t.is(describeError({ ...RESET, errno: null }), `ConnectionResetError: ${RESET.message}`);
  t.is(
    describeError({ type: 'Error', errno: 'ECONNRESET', message: 'read ECONNRESET' }),
    'Error: read ECONNRESET',
  );
});

test('an errno without a face is contradicted all the same by a step that ended well', (t) => {
  const { read: _, ...faces } = LANGUAGES.python.faces;
  const steps = ['connect ok', 'send ok', 'read eof', 'close ok'] as const;
  t.like(judged([...steps], EXPECTED, { ...LANGUAGES.python, faces }), {
    agreement: 'contradicts',
    expected: 'read ECONNRESET',
  });
});

test('a step that blocks agrees while nothing has ended it', (t) => {
  const expected: StepOutcome[] = ['connect ok', 'send ok', 'read blocked'];
  const judgedRun = (said: readonly Said[], exitStatus: number | null) =>
    judgeProgram(expected, LANGUAGES.python, ran(said, { exitStatus }), ENDS);
  t.deepEqual(judgedRun(['connect ok', 'send ok', 'read begin'], null), {
    agreement: 'agrees',
    expected: 'connect ok, send ok, read blocked',
    observed: 'connect ok, send ok, read blocked',
  });
  for (const [said, observed] of [
    ['read eof', 'read eof'],
    ['read ok', 'read ok'],
    [
      ['read', RESET],
      'read: ConnectionResetError: [Errno 104] Connection reset by peer (ECONNRESET)',
    ],
    ['send begin', 'send did not end'],
  ] as const) {
    t.deepEqual(judgedRun(['connect ok', 'send ok', said], null), {
      agreement: 'contradicts',
      expected: 'read blocked',
      observed,
    });
  }
  t.is(judgedRun(['connect ok', 'send ok'], null).observed, 'no further step');
  t.is(
    judgedRun(['connect ok', 'send ok', 'read begin'], 139).observed,
    'read did not end: the program did, with status 139',
  );
});

test('a step that blocks in the middle agrees, and its end contradicts', (t) => {
  const expected: StepOutcome[] = ['connect ok', 'read blocked', 'send ok'];
  const agreement = (read: string) =>
    judgeProgram(
      expected,
      LANGUAGES.python,
      ran(['connect ok', read, 'send ok'], { exitStatus: null }),
      ENDS,
    ).agreement;
  t.is(agreement('read begin'), 'agrees');
  t.is(agreement('read ok'), 'contradicts');
  t.is(agreement('wait begin'), 'contradicts');
});

test('a step in which the program died of the signal agrees', (t) => {
  const expected: StepOutcome[] = ['connect ok', 'send SIGPIPE'];
  const judgedRun = (said: readonly Said[], exitStatus: number | null) =>
    judgeProgram(expected, LANGUAGES.python, ran(said, { exitStatus }), ENDS);
  t.deepEqual(judgedRun(['connect ok', 'send begin'], 141), {
    agreement: 'agrees',
    expected: 'connect ok, send SIGPIPE',
    observed: 'connect ok, send SIGPIPE',
  });
  const pipe = { type: 'BrokenPipeError', errno: 'EPIPE', message: '[Errno 32] Broken pipe' };
  for (const [said, exitStatus, observed] of [
    // No end of the program, its own end, another signal.
    ['send begin', null, 'send did not end'],
    ['send begin', 1, 'send did not end: the program did, with status 1'],
    ['send begin', 137, 'send did not end: the program did, with status 137'],
    ['read begin', 141, 'read did not end: the program did, with status 141'],
    // A signal that it survived, or died of later.
    [['send', pipe], 1, 'send: BrokenPipeError: [Errno 32] Broken pipe (EPIPE)'],
    ['send ok', 141, 'send ok'],
  ] as const) {
    t.deepEqual(judgedRun(['connect ok', said], exitStatus), {
      agreement: 'contradicts',
      expected: 'send SIGPIPE',
      observed,
    });
  }
  t.is(judgedRun(['connect ok'], 141).observed, 'no further step');
});

test('a signal between steps, or after the last one, contradicts', (t) => {
  const expected: StepOutcome[] = ['connect ok', 'send ok'];
  const run = ran(['connect ok', 'send ok'], { exitStatus: 141 });
  t.is(judgeProgram(expected, LANGUAGES.python, run, ENDS).observed, 'status 141');
});

test('a step that did not end where it should have ended well contradicts', (t) => {
  t.is(
    judged(['connect ok', 'send begin'], ['connect ok', 'send ok']).observed,
    'send did not end',
  );
});

test('where chance decides between wordings, each of them agrees, and no other', (t) => {
  const face = {
    type: 'SSLError',
    errno: null,
    message: 'peer={address}:{port}',
    or: ['peer=(null) {number}'],
  };
  const language = { faces: { read: { ECONNRESET: face } }, title: 'Ruby' };
  const agreement = (message: string) => {
    const error = { type: 'SSLError', errno: null, message };
    const said = ran(['connect ok', 'send ok', ['read', error]]);
    return judgeProgram(EXPECTED, language, said, ENDS).agreement;
  };
  t.is(agreement('peer=192.0.2.2:20004'), 'agrees');
  t.is(agreement('peer=(null) 107'), 'agrees');
  t.is(agreement('peer=(null)'), 'contradicts');
  t.is(agreement('peer='), 'contradicts');
});
