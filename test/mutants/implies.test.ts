import test from 'ava';
import type { Expectation } from '../../runners/catalog/expectation.ts';
import { wasSo } from '../../runners/mutants/facts.ts';
import { implies } from '../../runners/mutants/implies.ts';
import { CRASH_EXPECTED, crash } from '../_observation.ts';

const { packets, kernel } = CRASH_EXPECTED;
const rst = { from: 'server', kind: 'socket' } as const;
const reason = { from: 'server', is: 'TCP_ABORT_ON_CLOSE' } as const;

/** What says less than {@link CRASH_EXPECTED}, or the same. */
const LESS: Readonly<Record<string, Expectation>> = {
  'the same': structuredClone(CRASH_EXPECTED),
  'a kind left open': { ...CRASH_EXPECTED, packets: { ...packets, rst: { from: 'server' } } },
  'a list of one': { ...CRASH_EXPECTED, packets: { ...packets, rst: [rst, rst] } },
  'a count left open': {
    ...CRASH_EXPECTED,
    kernel: { ...kernel, client: { EstabResets: 'some' } },
  },
  'a reason left open': {
    ...CRASH_EXPECTED,
    kernel: { ...kernel, reason: { from: 'server', is: ['TCP_STATE', reason.is] } },
  },
};

/** What says something else. */
const OTHER: Readonly<Record<string, Expectation>> = {
  'another step': { ...CRASH_EXPECTED, client: ['connect ok', 'send ok', 'read eof'] },
  'another FIN': { ...CRASH_EXPECTED, packets: { ...packets, fin: 'server' } },
  'no RST': { ...CRASH_EXPECTED, packets: { ...packets, rst: 'none' } },
  'a RST of another side': { ...CRASH_EXPECTED, packets: { ...packets, rst: { from: 'client' } } },
  'a RST more': { ...CRASH_EXPECTED, packets: { ...packets, rst: [rst, { from: 'client' }] } },
  'of a middlebox': {
    ...CRASH_EXPECTED,
    packets: { ...packets, rst: { ...rst, by: 'middlebox' } },
  },
  'in answer to something': {
    ...CRASH_EXPECTED,
    packets: { ...packets, rst: { ...rst, answers: 'data' } },
  },
  'another count': { ...CRASH_EXPECTED, kernel: { ...kernel, client: { EstabResets: 2 } } },
  'a count less': { ...CRASH_EXPECTED, kernel: { ...kernel, client: {} } },
  'a count more': {
    ...CRASH_EXPECTED,
    kernel: { ...kernel, client: { EstabResets: 1, OutRsts: 'some' } },
  },
  "a balancer's count": { ...CRASH_EXPECTED, kernel: { ...kernel, balancer: { OutRsts: 1 } } },
  'no reason': { ...CRASH_EXPECTED, kernel: { ...kernel, reason: 'none' } },
  'another reason': {
    ...CRASH_EXPECTED,
    kernel: { ...kernel, reason: { from: 'server', is: 'TCP_STATE' } },
  },
  "another side's reason": {
    ...CRASH_EXPECTED,
    kernel: { ...kernel, reason: [reason, { from: 'client', is: 'TCP_STATE' }] },
  },
};

for (const [what, less] of Object.entries(LESS)) {
  test(`what fulfils a lab fulfils what says less: ${what}`, (t) => {
    t.true(implies(CRASH_EXPECTED, less));
    t.is(implies(less, CRASH_EXPECTED), what === 'the same' || what === 'a list of one');
  });
}

for (const [what, other] of Object.entries(OTHER)) {
  test(`it does not fulfil what says something else: ${what}`, (t) => {
    t.false(implies(CRASH_EXPECTED, other));
  });
}

test('what was so is looked up in the evidence', (t) => {
  for (const less of Object.values(LESS)) t.true(wasSo(less, crash()));
  for (const what of ['another count', 'a count less', 'a count more', "a balancer's count"]) {
    t.false(wasSo(OTHER[what] as Expectation, crash()), what);
  }
  for (const what of ['no RST', 'a RST of another side', 'a RST more']) {
    t.false(wasSo(OTHER[what] as Expectation, crash()), what);
  }
  for (const what of ['no reason', 'another reason', "another side's reason"]) {
    t.false(wasSo(OTHER[what] as Expectation, crash()), what);
  }
});

test('of what could not be collected nothing was so', (t) => {
  for (const kind of ['packets', 'counters', 'resets']) {
    t.false(wasSo(CRASH_EXPECTED, crash({ [kind]: { missing: 'x' } })), kind);
  }
});
