import test from 'ava';
import { compare, compareChecks } from '../../runners/snapshot/compare.ts';
import { differences } from '../../runners/snapshot/machine.ts';
import { comparison, differenceList } from '../../runners/snapshot/opened-screen.ts';
import { FAIL, NOT_RUN, PASS, PASS_JAVA, runOf } from '../reports/_results.ts';

const SCREEN = { columns: 80, colour: false };

test('the same cells, in whatever order they come', (t) => {
  const compared = compare([PASS, PASS_JAVA], [PASS_JAVA, PASS]);
  t.deepEqual(
    compared.map(({ same }) => same),
    [true, true],
  );
  t.deepEqual(compared[0]?.here, compared[0]?.snapshot);
  t.true((compared[0]?.here?.saw.length ?? 0) > 0);
});

test('a port, an address and a time make no difference', (t) => {
  const other = PASS.steps.map((step) => ({
    ...step,
    atMs: step.atMs + 1,
    error: step.error && { ...step.error, message: 'from 10.1.2.3:20001' },
  }));
  const before = PASS.steps.map((step) => ({
    ...step,
    error: step.error && { ...step.error, message: 'from 198.18.0.1:31999' },
  }));
  t.true(compare([{ ...PASS, steps: before }], [{ ...PASS, steps: other }])[0]?.same);
});

test('another verdict, another step, and a cell that was not run are told', (t) => {
  const eof = PASS.steps.map((step) =>
    step.error ? { ...step, outcome: 'eof' as const, error: null } : step,
  );
  const cells = [
    ...compare([PASS], [{ ...PASS, steps: eof }]),
    ...compare([PASS], [FAIL]),
    ...compare([PASS_JAVA], [NOT_RUN]),
    ...compare([PASS], []),
    ...compare([PASS, { ...PASS, repeat: 2 }], [PASS, { ...PASS, repeat: 2 }]),
  ];
  t.deepEqual(
    cells.map(({ same }) => same),
    [false, false, false, false, true, true],
  );
  t.snapshot(comparison(cells, SCREEN).join('\n'));
});

test('a check: its verdict, its points, and what the client saw', (t) => {
  const points = [{ asks: 'it prints the reply', standing: 'met', shows: '1 printed' }] as const;
  const record = {
    ...{ lab: '04-crash-server', exercise: 'retry', language: 'python', says: null },
    ...{ file: 'workshop/04-crash-server/ask.py', compiler: [], verdict: 'pass' as const },
    changes: 'client' as const,
    points: [...points],
  };
  const one = { check: record, cell: PASS };
  t.true(compareChecks(one, one, 'local').same);
  const notMet = { ...record, points: [{ ...points[0], standing: 'not met' as const }] };
  t.false(compareChecks(one, { check: notMet, cell: PASS }, 'local').same);
  t.false(compareChecks(one, { check: record, cell: undefined }, 'local').same);
  t.false(compareChecks(one, { check: { ...record, verdict: 'fail' }, cell: PASS }, 'local').same);
});

const check = (name: string, detail: string, status: 'ok' | 'missing' = 'ok') => ({
  ...{ name, detail, status, mend: null },
});
const THEIRS = {
  diagnosis: {
    ready: true,
    engines: {},
    checks: [
      check('node', 'Node.js 20.20.2'),
      check('kernel', 'Linux 6.18.44, which states the reasons of resets'),
      check('local hosts', 'as root: a client and a server in 100 ms'),
      check('local python', 'Python 3.11.7'),
      check('local java', 'Java 17'),
    ],
  },
  revision: { commit: 'a'.repeat(40), sources: '0123456789abcdef' },
};
const RUN = runOf([PASS]);

test('the same machine differs in nothing, however fast it was', (t) => {
  const checks = THEIRS.diagnosis.checks.map((one) =>
    one.name === 'local hosts' ? { ...one, detail: one.detail.replace('100', '99') } : one,
  );
  const here = { ...THEIRS, diagnosis: { ...THEIRS.diagnosis, checks }, arch: RUN.machine.arch };
  t.deepEqual(differences(RUN, THEIRS, here), []);
  t.regex(differenceList([], SCREEN).join(), /differs in nothing/);
});

test('what the run depends on, and differs, is told; a language that it did not use is not', (t) => {
  const checks = [
    check('node', 'Node.js 24.1.0'),
    check('kernel', 'Linux 6.1.0 does not state the reasons of resets (from 6.10 on)'),
    check('local hosts', 'user namespaces are forbidden', 'missing'),
    check('local java', 'Java 21'),
  ];
  const revision = { commit: 'b'.repeat(40), sources: 'fedcba9876543210' };
  const here = { diagnosis: { ...THEIRS.diagnosis, checks }, revision, arch: 'arm64' };
  const rows = differences(RUN, THEIRS, here);
  t.snapshot(differenceList(rows, SCREEN).join('\n'));
  t.true(differenceList(rows, SCREEN).every((line) => line.length <= 80));
  t.false(rows.some(({ what }) => what === 'local java'));
});
