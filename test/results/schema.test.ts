import { readFileSync } from 'node:fs';
import test from 'ava';
import { PROGRAM_NAMES } from '../../runners/catalog/language.ts';
import { HOST_NAMES } from '../../runners/catalog/topology.ts';
import { STEP_NAMES } from '../../runners/evidence/steps.ts';
import { inProject } from '../../runners/paths.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { problemsOf } from '../_lab.ts';
import { FAIL, NOT_RUN, PASS, PROXIED, RACE, runOf, STUCK, UNKNOWN } from '../reports/_results.ts';

const LOOKED: CellResult = {
  ...PASS,
  looks: [{ on: 'router', command: 'nft list ruleset', lines: ['table inet reset_labs {', '}'] }],
};
const CELLS = { FAIL, LOOKED, NOT_RUN, PASS, PROXIED, STUCK, UNKNOWN, ...RACE };

/** What the schema says against a run of one cell. */
function problems(cell: unknown, more: Parameters<typeof runOf>[1] = {}): string[] {
  const { verdict } = cell as CellResult;
  return problemsOf(
    runOf([cell as CellResult], { verdict: verdict === 'not-run' ? 'unknown' : verdict, ...more }),
  );
}

for (const [name, cell] of Object.entries(CELLS)) {
  test(`a result as it should be follows the schema: ${name}`, (t) => {
    t.deepEqual(problems(cell), []);
  });
}

/** All paths in a value: one item of each list stands for the others. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value as object).flatMap(([key, part]) => {
    if (Array.isArray(value) && Number(key) > 0) return [];
    return [[...path, key], ...pathsOf(part, [...path, key])];
  });
}

type Tree = { [key: string]: Tree };

function within(whole: object, path: readonly string[]): Tree {
  return path.reduce<Tree>((part, key) => part[key] as Tree, whole as Tree);
}

// The names of counters are the kernel's.
const isFree = (path: readonly string[]) => path.join('.').startsWith('kernel.hosts.');

for (const [name, cell] of Object.entries({ LOOKED, FAIL, PROXIED, reset: RACE.reset })) {
  test(`no key may be missing, and within a cell none be too many: ${name}`, (t) => {
    const paths = pathsOf(cell);
    for (const path of paths) {
      const [last = '', ...rest] = path.toReversed();
      const parent = rest.reverse();
      if (isFree(path) || /^\d+$/.test(last)) continue;
      const copy = structuredClone(cell);
      delete within(copy, parent)[last];
      t.not(problems(copy).length, 0, `without ${path.join('.')}`);
      if (parent.length === 0 || isFree(parent)) continue;
      const more = structuredClone(cell);
      within(more, parent).surprise = {};
      t.not(problems(more).length, 0, `with ${parent.join('.')}.surprise`);
    }
    t.true(paths.length > 50);
  });
}

test('keys may be added to a run and to a cell', (t) => {
  t.deepEqual(problems({ ...PASS, surprise: {} }, { surprise: {} } as never), []);
});

for (const [what, cell] of [
  ['outcome of a cell that failed', { ...FAIL, outcome: { name: 'x', because: 'y' } }],
  ['outcome of a cell that is unknown', { ...UNKNOWN, outcome: { name: 'x', because: 'y' } }],
  ['outcome without a name', { ...PASS, outcome: { name: '', because: 'y' } }],
  ['look at what was not run', { ...NOT_RUN, looks: LOOKED.looks }],
  ['look at a host that there is not', { ...PASS, looks: [{ ...LOOKED.looks[0], on: 'proxy' }] }],
  ['version of IP', { ...PASS, ip: 5 }],
  ['variant', { ...PASS, variant: 'a/b' }],
  ['cure', { ...PASS, cure: '' }],
  ['side', { ...PASS, packets: [{ ...PASS.packets?.[0], from: 'router' }] }],
  ['connection', { ...PASS, packets: [{ ...PASS.packets?.[0], connection: 0 }] }],
  ['processor time', { ...PASS, outputs: [{ ...PASS.outputs[0], cpuMs: -1 }] }],
  ['step', { ...PASS, steps: [{ ...PASS.steps[0], step: 'laugh' }] }],
  ['program', { ...PASS, client: { ...PASS.client, program: 'nc' } }],
] as const) {
  test(`a wrong value is refused: ${what}`, (t) => {
    t.not(problems(cell).length, 0);
  });
}

test('the processor time of all may be unknown, that of the programs may not', (t) => {
  const time = (processor: unknown) => problems(PASS, { processor } as never).length;
  t.is(time({ programsMs: 0, allMs: null }), 0);
  t.is(time({ programsMs: 12, allMs: 40 }), 0);
  t.not(time({ programsMs: null, allMs: 40 }), 0);
  t.not(time({ programsMs: 12 }), 0);
  t.not(time({ programsMs: 12, allMs: 40, surprise: 1 }), 0);
  t.not(time(undefined), 0);
});

test('the schema knows the names that the code knows', (t) => {
  const { $defs } = JSON.parse(readFileSync(inProject('runners/results/run.schema.json'), 'utf8'));
  t.deepEqual($defs.stepName.enum, [...STEP_NAMES]);
  t.deepEqual($defs.program.properties.program.enum, [...PROGRAM_NAMES, 'none']);
  t.deepEqual($defs.cell.properties.looks.items.properties.on.enum, [...HOST_NAMES]);
});
