import test from 'ava';
import { parseStepLine, readReport, STEP_NAMES } from '../../runners/evidence/steps.ts';

const T = '1700000000000001';

test('each kind of line is read', (t) => {
  const timeUs = 1_700_000_000_000_001;
  t.deepEqual(parseStepLine(`${T}\truntime\tok\t3.13.5`), {
    timeUs,
    step: 'runtime',
    version: '3.13.5',
  });
  for (const outcome of ['begin', 'ok', 'eof'] as const) {
    t.deepEqual(parseStepLine(`${T}\tread\t${outcome}`), { timeUs, step: 'read', outcome });
  }
  t.deepEqual(parseStepLine(`${T}\tread\terror\tError\tECONNRESET\tread ECONNRESET`), {
    timeUs,
    step: 'read',
    outcome: 'error',
    error: { type: 'Error', errno: 'ECONNRESET', message: 'read ECONNRESET' },
  });
});

test('a language that tells no errno writes a hyphen', (t) => {
  const said = parseStepLine(`${T}\tread\terror\tjava.net.SocketException\t-\tConnection reset`);
  t.is(said && 'error' in said && said.error.errno, null);
});

test('an error without a message has an empty one', (t) => {
  const said = parseStepLine(`${T}\tread\terror\tError\t-\t`);
  t.is(said && 'error' in said && said.error.message, '');
});

test('escapes are undone, once', (t) => {
  const message = (written: string) => {
    const said = parseStepLine(`${T}\tread\terror\tError\t-\t${written}`);
    return said && 'error' in said && said.error.message;
  };
  t.is(message('a\\tb\\nc\\rd\\\\e'), 'a\tb\nc\rd\\e');
  t.is(message('\\\\n'), '\\n');
  t.is(message('\\x'), '\\x');
  t.is(message('at the end \\'), 'at the end \\');
});

for (const [why, line] of [
  ['is empty', ''],
  ['has no time', 'read\tok'],
  ['has a time that is no whole number', '1.5\tread\tok'],
  ['has a negative time', '-1\tread\tok'],
  ['has a time beyond all numbers', `${'9'.repeat(18)}\tread\tok`],
  ['has an unknown step', `${T}\tlaugh\tok`],
  ['has a step with the name of an object’s own property', `${T}\tconstructor\tok`],
  ['has an unknown outcome', `${T}\tread\tperhaps`],
  ['has no outcome', `${T}\tread`],
  ['has a field too many', `${T}\tread\tok\tmore`],
  ['has an error without a type', `${T}\tread\terror\t\tECONNRESET\ttext`],
  ['has an error without an errno', `${T}\tread\terror\tError\t\ttext`],
  ['has an error without a message', `${T}\tread\terror\tError\t-`],
  ['has an error with a field too many', `${T}\tread\terror\tError\t-\ttext\tmore`],
  ['has a runtime without a version', `${T}\truntime\tok\t`],
  ['has a runtime with two versions', `${T}\truntime\tok\t1\t2`],
  ['has a runtime that begins', `${T}\truntime\tbegin`],
  ['has spaces in place of TABs', `${T} read ok`],
] as const) {
  test(`a line that ${why} is not read`, (t) => {
    t.is(parseStepLine(line), undefined);
    t.deepEqual(readReport([line]).malformed, [line]);
  });
}

test('a report pairs the beginning and the end of each step', (t) => {
  const report = readReport([
    '1\truntime\tok\t3.13.5',
    '2\tconnect\tbegin',
    '3\tconnect\tok',
    '4\tread\tbegin',
    '5\tread\terror\tConnectionResetError\tECONNRESET\t[Errno 104] Connection reset by peer',
  ]);
  const error = {
    type: 'ConnectionResetError',
    errno: 'ECONNRESET',
    message: '[Errno 104] Connection reset by peer',
  };
  t.deepEqual(report, {
    version: '3.13.5',
    steps: [
      { step: 'connect', beganUs: 2, end: { timeUs: 3, outcome: 'ok' } },
      { step: 'read', beganUs: 4, end: { timeUs: 5, outcome: 'error', error } },
    ],
    malformed: [],
  });
});

test('a step that blocks has no end', (t) => {
  t.deepEqual(readReport(['1\tread\tbegin']).steps, [{ step: 'read', beganUs: 1, end: null }]);
});

test('an end of file is told apart from ok', (t) => {
  const { steps } = readReport(['1\tread\tbegin', '2\tread\teof']);
  t.is(steps[0]?.end?.outcome, 'eof');
});

test('an end without its beginning is malformed', (t) => {
  t.deepEqual(readReport(['1\tread\tok']).malformed, ['1\tread\tok']);
  const other = readReport(['1\tread\tbegin', '2\tsend\tok']);
  t.deepEqual(other.malformed, ['2\tsend\tok']);
  t.is(other.steps[0]?.end, null);
  const twice = readReport(['1\tread\tbegin', '2\tread\tok', '3\tread\teof']);
  t.deepEqual(twice.malformed, ['3\tread\teof']);
  t.is(twice.steps[0]?.end?.outcome, 'ok');
});

test('the first version counts', (t) => {
  t.is(readReport([]).version, null);
  t.is(readReport(['1\truntime\tok\t1', '2\truntime\tok\t2']).version, '1');
});

test('a server can do two things at once: each end belongs to the last beginning of its step', (t) => {
  const { steps, malformed } = readReport([
    '1\twork\tbegin',
    '2\tstop\tbegin',
    '3\tread\tbegin',
    '4\tread\tok',
    '5\twork\tok',
    '6\tdrain\tbegin',
    '7\tdrain\teof',
    '8\tstop\tok',
  ]);
  t.deepEqual(malformed, []);
  t.deepEqual(
    steps.map(({ step, beganUs, end }) => [step, beganUs, end?.timeUs, end?.outcome]),
    [
      ['work', 1, 5, 'ok'],
      ['stop', 2, 8, 'ok'],
      ['read', 3, 4, 'ok'],
      ['drain', 6, 7, 'eof'],
    ],
  );
});

test('of two steps of one name that are both open, the last ends first', (t) => {
  const { steps } = readReport(['1\tread\tbegin', '2\tread\tbegin', '3\tread\tok']);
  t.deepEqual(
    steps.map(({ end }) => end?.timeUs),
    [undefined, 3],
  );
  const both = readReport(['1\tread\tbegin', '2\tread\tbegin', '3\tread\tok', '4\tread\teof']);
  t.deepEqual(
    both.steps.map(({ end }) => end?.timeUs),
    [4, 3],
  );
});

test('every step that is documented is read', (t) => {
  for (const step of STEP_NAMES) {
    t.is(readReport([`1\t${step}\tbegin`, `2\t${step}\tok`]).steps[0]?.end?.outcome, 'ok', step);
  }
});
