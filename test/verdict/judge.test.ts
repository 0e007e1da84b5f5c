import test from 'ava';
import type { Alternative, Expectation } from '../../runners/catalog/expectation.ts';
import type { NamedLanguage } from '../../runners/catalog/language.ts';
import type { Observation } from '../../runners/evidence/observation.ts';
import { differenceOf, expectsBlock } from '../../runners/verdict/expected.ts';
import { judge } from '../../runners/verdict/judge.ts';
import {
  CRASH,
  CRASH_EXPECTED,
  cellOf,
  crash,
  LANGUAGES,
  LINK,
  packet,
  REQUEST,
  RESET,
  ran,
} from '../_observation.ts';

const cell = cellOf();
const MISSING = { missing: 'left out on request' };

test('a cell of which all three witnesses agree passes', (t) => {
  const { verdict, reason, findings } = judge(cell, crash());
  t.is(verdict, 'pass');
  t.is(reason, 'program, packets and kernel agree: socket RST from server, no FIN');
  t.deepEqual(
    Object.values(findings).map(({ agreement }) => agreement),
    ['agrees', 'agrees', 'agrees'],
  );
});

test('an exception with one other word fails the cell, though the network agrees', (t) => {
  const error = { ...RESET, message: '[Errno 104] Connection reset by pear' };
  const client = ran(['connect ok', 'send ok', ['read', error]]);
  const { verdict, reason } = judge(cell, crash({ client }));
  t.is(verdict, 'fail');
  t.is(
    reason,
    'program: expected read: ConnectionResetError: [Errno 104] Connection reset by peer (ECONNRESET); observed read: ConnectionResetError: [Errno 104] Connection reset by pear (ECONNRESET)',
  );
});

// Of each witness: what agrees, what contradicts, and what is missing.
const program: Partial<Observation>[] = [
  {},
  { client: ran(['connect ok', 'send ok', 'read eof', 'close ok']) },
  { client: null },
];
const packets: Partial<Observation>[] = [{}, { packets: { got: [] } }, { packets: MISSING }];
const kernel: Partial<Observation>[] = [
  {},
  { counters: { got: { client: { ActiveOpens: 1 }, server: {} } } },
  { counters: MISSING, resets: MISSING },
];
const SAYS = ['agrees', 'contradicts', 'unavailable'] as const;

for (const [p, byProgram] of program.entries()) {
  for (const [n, byPackets] of packets.entries()) {
    for (const [k, byKernel] of kernel.entries()) {
      const says = [SAYS[p], SAYS[n], SAYS[k]];
      const wanted = says.includes('contradicts')
        ? 'fail'
        : says[0] === 'agrees' && says.slice(1).includes('agrees')
          ? 'pass'
          : 'unknown';
      test(`program ${says[0]}, packets ${says[1]}, kernel ${says[2]}: ${wanted}`, (t) => {
        const { verdict, reason, findings } = judge(
          cell,
          crash({ ...byProgram, ...byPackets, ...byKernel }),
        );
        t.deepEqual(
          Object.values(findings).map(({ agreement }) => agreement),
          says as never,
        );
        t.is(verdict, wanted);
        if (wanted === 'fail') {
          const witness = ['program', 'packets', 'kernel'][says.indexOf('contradicts')];
          t.regex(reason, new RegExp(`^${witness}: expected .+; observed .+`));
        }
      });
    }
  }
}

test('the reason of a pass names only the witnesses that were there', (t) => {
  t.is(
    judge(cell, crash({ packets: MISSING })).reason,
    'program and kernel agree: socket RST from server, no FIN',
  );
});

test('the reason of an unknown says what was not there, and why', (t) => {
  const missing = { packets: MISSING, counters: MISSING, resets: MISSING };
  t.is(
    judge(cell, crash(missing)).reason,
    'no witness of the network: packets (left out on request), kernel (left out on request)',
  );
  t.is(
    judge(cell, crash({ client: null })).reason,
    'the program is no witness: the client reported no step',
  );
});

test('a fault that met no connection fails the cell, though all witnesses agree', (t) => {
  const action = { what: 'SIGKILL to the server', timeUs: 1, touched: 0 };
  const { verdict, reason } = judge(cell, crash({ actions: [action] }));
  t.is(verdict, 'fail');
  t.is(reason, 'the fault met no connection: SIGKILL to the server');
});

test('of several actions of a fault one must have met a connection', (t) => {
  const action = { what: 'SIGSTOP to the client', timeUs: 1, touched: 0 };
  const { actions } = crash();
  t.is(judge(cell, crash({ actions: [action, ...actions] })).verdict, 'pass');
  t.is(judge(cell, crash({ actions: [action, action] })).verdict, 'fail');
});

test('a fault that only waits has no action to meet anything', (t) => {
  t.is(judge(cell, crash({ actions: [] })).verdict, 'pass');
});

test('a state that did not come fails the cell, though all witnesses agree', (t) => {
  const problem = '"read begin" of the client did not come within 15 s';
  const { verdict, reason } = judge(cell, crash({ problem }));
  t.is(verdict, 'fail');
  t.is(reason, problem);
});

test('a true exception of a language is expected of that language alone', (t) => {
  const expect = { ...CRASH_EXPECTED, client: ['connect ok', 'send ok', 'read eof'] } as const;
  const differs = [{ client: 'node', because: 'it reads unasked', link: LINK, expect }];
  const lab = { ...CRASH, differs };
  const eof = crash({ client: ran(['connect ok', 'send ok', 'read eof']) });
  const { node, python } = LANGUAGES;
  t.is(judge({ lab, client: node, server: python }, eof).verdict, 'pass');
  t.is(judge({ lab, client: python, server: node }, eof).verdict, 'fail');
});

const EOF: Expectation = {
  client: ['connect ok', 'send ok', 'read eof'],
  packets: { rst: 'none', fin: 'server' },
  kernel: { client: {}, server: {}, reason: 'none' },
};
const RESET_FIRST: Alternative = {
  outcome: 'reset',
  because: 'the RST was first',
  ...CRASH_EXPECTED,
};
const FIN_FIRST: Alternative = { outcome: 'end of file', because: 'the FIN was first', ...EOF };
/** Either may happen. */
const race = cellOf({ expect: [RESET_FIRST, FIN_FIRST] });
const closed: Partial<Observation> = {
  client: ran(['connect ok', 'send ok', 'read eof']),
  packets: { got: [...REQUEST, packet('server', 'FIN ACK')] },
  counters: { got: { client: { ActiveOpens: 1 }, server: { PassiveOpens: 1 } } },
  resets: { got: [] },
};

test('of several possible outcomes the one that was met is told', (t) => {
  t.like(judge(race, crash()), {
    verdict: 'pass',
    outcome: { name: 'reset', because: 'the RST was first' },
    reason: 'program, packets and kernel agree: socket RST from server, no FIN',
  });
  t.like(judge(race, crash(closed)), {
    verdict: 'pass',
    outcome: { name: 'end of file', because: 'the FIN was first' },
    reason: 'program, packets and kernel agree: no RST, FIN from server',
  });
  t.is(judge(cell, crash()).outcome, null, 'there is one outcome only');
});

test('all witnesses must agree with the same outcome', (t) => {
  const { client, packets, counters, resets } = closed as Required<typeof closed>;
  for (const more of [
    { client },
    { packets },
    { counters, resets },
    { client, packets },
    { client, counters, resets },
    { packets, counters, resets },
  ]) {
    const { verdict, outcome } = judge(race, crash(more));
    t.is(verdict, 'fail', Object.keys(more).join());
    t.is(outcome, null);
  }
});

test('where no outcome was met, the difference from the nearest is told', (t) => {
  const wrong = { packets: { got: [...REQUEST, packet('client', 'FIN ACK')] } };
  t.is(
    judge(race, crash({ ...closed, ...wrong })).reason,
    'packets: expected no RST, FIN from server; observed no RST, FIN from client',
  );
  t.is(
    judge(race, crash(wrong)).reason,
    'packets: expected socket RST from server, no FIN; observed no RST, FIN from client',
  );
});

test('an outcome that cannot be judged does not hide one that is proved', (t) => {
  const unjudged = {
    ...RESET_FIRST,
    client: ['connect ok', 'send ok', 'read EHOSTUNREACH'],
  } as const;
  const lab = cellOf({ expect: [{ ...unjudged, outcome: 'nobody knows its words' }, RESET_FIRST] });
  const { read, ...faces } = LANGUAGES.python.faces;
  const { EHOSTUNREACH: _, ...known } = read ?? {};
  const client = { ...LANGUAGES.python, faces: { ...faces, read: known } };
  t.like(judge({ ...lab, client }, crash()), {
    verdict: 'pass',
    outcome: { name: 'reset', because: 'the RST was first' },
  });
});

test('what is unknown has proved no outcome', (t) => {
  const { verdict, outcome } = judge(race, crash({ client: null }));
  t.is(verdict, 'unknown');
  t.is(outcome, null);
});

test('alternatives may be the exception of a language', (t) => {
  const differs = [
    { client: 'node', because: 'it races', link: LINK, expect: [RESET_FIRST, FIN_FIRST] },
  ];
  const lab = cellOf({ differs });
  t.is(judge(lab, crash(closed)).verdict, 'fail');
  t.like(judge({ ...lab, client: LANGUAGES.node }, crash(closed)), {
    verdict: 'pass',
    outcome: { name: 'end of file' },
  });
});

test('the first difference that fits both languages counts', (t) => {
  const { java, node, python } = LANGUAGES;
  const differs = [
    { client: 'node', server: 'java', because: 'both', link: LINK, expect: EOF },
    { server: 'java', because: 'server', link: LINK, expect: EOF },
    { client: 'node', because: 'client', link: LINK, expect: EOF },
  ];
  const because = (client: NamedLanguage, server: NamedLanguage) =>
    differenceOf({ lab: { ...CRASH, differs }, client, server })?.because;
  t.is(because(node, java), 'both');
  t.is(because(python, java), 'server');
  t.is(because(node, python), 'client');
  t.is(because(python, node), undefined);
});

test('a story ends in a step that blocks if all of its outcomes do', (t) => {
  t.false(expectsBlock(cell));
  t.false(expectsBlock(race));
  const blocked = { ...FIN_FIRST, client: ['connect ok', 'read blocked'] } as const;
  t.true(expectsBlock(cellOf({ expect: blocked })));
  t.false(expectsBlock(cellOf({ expect: [RESET_FIRST, blocked] })), 'its end must be awaited');
  const differs = [{ client: 'python', because: 'x', link: LINK, expect: EOF }];
  t.false(expectsBlock(cellOf({ expect: blocked, differs })));
});
