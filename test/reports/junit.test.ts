import test from 'ava';
import { junitReport } from '../../runners/reports/junit.ts';
import { conclusionOf } from '../../runners/results/conclusion.ts';
import type { CellResult, RunResult } from '../../runners/results/result.ts';
import { LINK } from '../_observation.ts';
import { HOSTILE_CELLS } from './_hostile.ts';
import { FAIL, LOCAL, NOT_RUN, PASS, PASS_JAVA, RACE, runOf, STUCK, UNKNOWN } from './_results.ts';
import { type Node, parse } from './_xml.ts';

const FOLDER = 'results/mine';

function differing(needed: boolean, byChance: boolean, number: string): CellResult {
  const difference = { client: 'node', server: null, link: LINK, byChance, needed };
  return { ...PASS, number, because: 'it reads unasked', difference };
}

/** A run with all that there can be. */
const CELLS: readonly CellResult[] = [
  PASS_JAVA,
  PASS,
  FAIL,
  { ...STUCK, repeat: 2, ip: 6 },
  UNKNOWN,
  NOT_RUN,
  { ...PASS, engine: 'docker', client: { ...PASS.client, asked: '3.13' } },
  RACE.reset,
  { ...RACE.reset, cure: 'retry' },
  differing(true, false, '05'),
  differing(false, false, '06'),
  differing(false, true, '07'),
];
const DOCKER = { ...LOCAL, name: 'docker', title: 'docker 20.10', kernel: '6.1.0' } as const;
const RUN: RunResult = {
  ...runOf(CELLS, { engines: [LOCAL, DOCKER] }),
  ...conclusionOf(CELLS),
  revision: { commit: 'a'.repeat(40), sources: 'b'.repeat(16) },
  shard: { index: 2, count: 5, plan: 'c'.repeat(16), total: 50 },
};

function all(node: Node, name: string): Node[] {
  return node.children.flatMap((one) => [...(one.name === name ? [one] : []), ...all(one, name)]);
}

test('a run as JUnit XML', (t) => {
  t.snapshot(`\n${junitReport(RUN, FOLDER)}`);
});

test('each cell is a case, with the verdict that JUnit has for it', async (t) => {
  const root = await parse(t, junitReport(RUN, FOLDER));
  const suites = root.children.filter(({ attributes }) => attributes.name !== 'known differences');
  const cases = suites.flatMap((suite) => all(suite, 'testcase'));
  t.is(cases.length, CELLS.length);
  const verdicts = cases.map(({ children }) => children.map(({ name }) => name).join());
  t.deepEqual(
    [...verdicts].sort(),
    [
      ...['', '', '', '', '', '', '', ''],
      ...['error', 'failure', 'failure', 'skipped,system-out'],
    ].sort(),
  );
});

test('what is not passed does not look passed', async (t) => {
  for (const [cell, name] of [
    [FAIL, 'failure'],
    [STUCK, 'failure'],
    [UNKNOWN, 'error'],
    [NOT_RUN, 'skipped'],
  ] as const) {
    const root = await parse(t, junitReport(runOf([cell]), FOLDER));
    const [found] = all(root, name);
    t.is(found?.attributes.message, cell.reason.replaceAll('\n', ' '));
    const [suite] = root.children;
    t.is(
      suite?.attributes[{ failure: 'failures', error: 'errors', skipped: 'skipped' }[name]],
      '1',
    );
  }
});

test('the numbers of a suite, and of all, are those of its cases', async (t) => {
  const root = await parse(t, junitReport(RUN, FOLDER));
  const sum = (key: string) =>
    root.children.reduce((total, { attributes }) => total + Number(attributes[key]), 0);
  for (const suite of root.children) {
    const cases = all(suite, 'testcase');
    const having = (name: string) =>
      String(cases.filter(({ children }) => children.some((one) => one.name === name)).length);
    t.is(suite.attributes.tests, String(cases.length));
    t.is(suite.attributes.failures, having('failure'));
    t.is(suite.attributes.errors, having('error'));
    t.is(suite.attributes.skipped, having('skipped'));
  }
  for (const key of ['tests', 'failures', 'errors']) {
    t.is(root.attributes[key], String(sum(key)));
  }
});

test('a failure has expectation, observation, evidence and the command that repeats it', async (t) => {
  const [failure] = all(await parse(t, junitReport(runOf([FAIL]), FOLDER)), 'failure');
  for (const part of [
    'expected  read: ConnectionResetError: [Errno 104] Connection reset by peer',
    'observed  read eof',
    'client ──SYN',
    'not as expected: socket RST from server, no FIN',
    `evidence  ${FOLDER}/${FAIL.pcap}`,
    'again     npm run lab crash-server -- --client python --server python --engine local',
  ]) {
    t.true(failure?.text.includes(part), part);
  }
});

test('a difference that is not needed is a failure, one that was not shown is skipped', async (t) => {
  const root = await parse(t, junitReport(RUN, FOLDER));
  const suite = root.children.find(({ attributes }) => attributes.name === 'known differences');
  t.deepEqual(
    suite?.children.map(({ attributes, children }) => [attributes.name, children[0]?.name]),
    [
      ['05 crash-server · node client', 'system-out'],
      ['06 crash-server · node client', 'failure'],
      ['07 crash-server · node client', 'skipped'],
    ],
  );
});

test('times are seconds, and a time of day has no zone', async (t) => {
  const root = await parse(t, junitReport(RUN, FOLDER));
  t.is(root.attributes.time, '0.612');
  for (const { attributes } of all(root, 'testcase'))
    t.regex(attributes.time ?? '', /^\d+\.\d{3}$/);
  t.is(root.children[0]?.attributes.timestamp, '2026-11-21T09:00:00');
});

test('elements and attributes are those of the common schema, in its order', async (t) => {
  for (const run of [RUN, runOf([]), runOf(HOSTILE_CELLS)]) {
    const root = await parse(t, junitReport(run, FOLDER));
    t.is(root.name, 'testsuites');
    const inOrder = (node: Node, names: readonly string[]) => {
      const places = node.children.map(({ name }) => names.indexOf(name));
      t.false(places.includes(-1), `${node.name}: ${node.children.map(({ name }) => name)}`);
      t.deepEqual(places, [...places].sort());
    };
    const known = (node: Node, names: readonly string[]) =>
      t.deepEqual(
        Object.keys(node.attributes).filter((key) => !names.includes(key)),
        [],
      );
    known(root, ['name', 'time', 'tests', 'failures', 'errors', 'disabled']);
    inOrder(root, ['testsuite']);
    for (const suite of root.children) {
      const counts = ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'];
      known(suite, counts);
      inOrder(suite, ['properties', 'testcase', 'system-out']);
      for (const property of all(suite, 'property')) known(property, ['name', 'value']);
      for (const one of all(suite, 'testcase')) {
        known(one, ['name', 'classname', 'time']);
        inOrder(one, ['skipped', 'error', 'failure', 'system-out']);
        for (const child of one.children) known(child, ['message', 'type']);
      }
    }
  }
});

test('whatever programs print, the document is well-formed and has no element of theirs', async (t) => {
  const report = junitReport(
    runOf(HOSTILE_CELLS, { command: HOSTILE_CELLS[3]?.reason ?? '' }),
    FOLDER,
  );
  const root = await parse(t, report);
  const names = new Set(
    all(root, 'testcase').flatMap(({ children }) => children.map((c) => c.name)),
  );
  t.deepEqual([...names].sort(), ['error', 'failure', 'skipped', 'system-out']);
  t.false(report.includes('<owned'));
  t.false(report.includes(']]>'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  t.notRegex(report, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff\u202e\u2066]/);
  t.notRegex(report, /\p{Surrogate}/u);
  t.true(all(root, 'failure').some(({ text }) => text.includes(']]></failure><![CDATA[ &amp;')));
});

test('a run without cells is a document without suites', async (t) => {
  const root = await parse(t, junitReport(runOf([]), FOLDER));
  t.deepEqual([root.children.length, root.attributes.tests], [0, '0']);
});
