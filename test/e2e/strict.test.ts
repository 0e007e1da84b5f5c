// What makes a run strict, in real runs: differences that are none, outcomes that do not come, what lacks.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { lab, pathWithout, told } from '../_lab.ts';
import { type Node, parse } from '../reports/_xml.ts';
import { engines, inEachEngine } from './_engines.ts';

const fixture = (name: string) => inProject(join('test/fixtures/labs', name));

const ARGS = ['04', '--client', 'python'];
const NOT_NEEDED = ['--labs', fixture('difference-that-is-none')];

inEachEngine(
  'a difference that no cell needs fails a run of cells that all pass',
  async (t, engine) => {
    const { status, run } = await engine.run(t, ['06', '--client', 'node', ...NOT_NEEDED]);
    t.deepEqual(
      run.cells.map(({ verdict, difference }) => [verdict, difference?.needed]),
      [['pass', false]],
      told(run.cells).join('\n'),
    );
    t.is(run.verdict, 'fail');
    t.is(status, 1);
    t.like(run.differences, [{ standing: 'not needed', client: 'node', cells: 1, unneeded: 1 }]);
  },
);

inEachEngine(
  'a difference that no cell of a run has is not looked at',
  ['local'],
  async (t, engine) => {
    const { status, run } = await engine.run(t, ['06', '--client', 'python', ...NOT_NEEDED]);
    t.is(status, 0, told(run.cells).join('\n'));
    t.deepEqual(run.differences, []);
  },
);

inEachEngine(
  'a difference is needed where it contradicts the others',
  ['local'],
  async (t, engine) => {
    const { status, run } = await engine.run(t, ['closed-socket', '--client', 'node']);
    t.is(status, 0, told(run.cells).join('\n'));
    t.like(run.differences, [{ standing: 'needed', client: 'node', cells: 1, needed: 1 }]);
  },
);

inEachEngine(
  'an outcome that never comes is reported, and fails nothing',
  ['local'],
  async (t, engine) => {
    const labs = ['--labs', fixture('outcome-that-never-comes')];
    const { status, run } = await engine.run(t, [...ARGS, ...labs, '--repeat', '2']);
    t.is(status, 0, told(run.cells).join('\n'));
    t.like(run.neverMet, [{ outcome: 'end of file', cells: 2 }]);
    t.is(run.neverMet.length, 1);
  },
);

const local = engines.find(({ name }) => name === 'local')?.test;

local?.serial('local · what fails, and what lacks, stands in the reports of the run', async (t) => {
  const folder = folderWith(t);
  const [junit, summary] = [join(folder, 'new/report.xml'), join(folder, 'summary.md')];
  const PATH = pathWithout(t, 'javac');
  const args = ['04', '--engine', 'local', '--labs', fixture('wrong-errno')];
  const reports = ['--junit', junit, '--summary', summary];
  const { status, stdout, results } = await lab(t, [...args, ...reports], { env: { PATH } });
  t.is(status, 1, stdout);
  const root = await parse(t, readFileSync(junit, 'utf8'));
  const cases = (root.children[0]?.children ?? []).filter(({ name }) => name === 'testcase');
  const verdicts = cases.map(({ attributes, children }: Node) => [
    attributes.name,
    children[0]?.name,
  ]);
  t.deepEqual(verdicts, [
    ['04 crash-server (java → python) #1', 'skipped'],
    ['04 crash-server (node → python) #1', 'failure'],
    ['04 crash-server (python → python) #1', 'failure'],
  ]);
  const [evidence] = cases.flatMap(
    ({ children }) => /evidence {2}(\S+)/.exec(children[0]?.text ?? '')?.[1] ?? [],
  );
  t.true(evidence?.startsWith(results));
  t.true(existsSync(evidence ?? ''), 'the evidence is where the report says');
  const page = readFileSync(summary, 'utf8');
  t.regex(page, /^## ❌ Reset Labs: fail\n\n3 cells: 2 fail, 1 not-run, /);
  t.regex(page, / {4}1 {2}Java needs `javac`/);
  t.regex(page, /npm run lab crash-server -- --client node --server python --engine local/);
});
