import { readFileSync } from 'node:fs';
import test from 'ava';
import { CAUSES } from '../../runners/catalog/lab.ts';
import { PROGRAM_NAMES } from '../../runners/catalog/programs.ts';
import { HOST_NAMES } from '../../runners/catalog/topology.ts';
import { STEP_NAMES } from '../../runners/evidence/steps.ts';
import { inProject } from '../../runners/paths.ts';
import { conclusionOf } from '../../runners/results/conclusion.ts';
import type { CellResult } from '../../runners/results/result.ts';
import { problemsOf } from '../_lab.ts';
import { LINK } from '../_observation.ts';
import {
  FAIL,
  LOCAL,
  NOT_RUN,
  PASS,
  PROXIED,
  RACE,
  runOf,
  STUCK,
  UNKNOWN,
} from '../reports/_results.ts';

const LOOKED: CellResult = {
  ...PASS,
  looks: [{ on: 'router', command: 'nft list ruleset', lines: ['table inet reset_labs {', '}'] }],
};
const DIFFERING: CellResult = {
  ...{ ...PASS, because: 'it reads unasked' },
  difference: { client: 'node', server: null, link: LINK, byChance: false, needed: true },
};
const CELLS = { DIFFERING, FAIL, LOOKED, NOT_RUN, PASS, PROXIED, STUCK, UNKNOWN, ...RACE };

/** What the schema says against a run of one cell. */
function problems(cell: unknown, more: Parameters<typeof runOf>[1] = {}): string[] {
  const { verdict: ofCell } = cell as CellResult;
  const verdict = ofCell === 'not-run' ? 'unknown' : ofCell;
  return problemsOf(runOf([PASS], { verdict, cells: [cell as CellResult], ...more }));
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

for (const [name, cell] of Object.entries({
  DIFFERING,
  LOOKED,
  FAIL,
  PROXIED,
  reset: RACE.reset,
})) {
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
  const time = (processor: unknown) =>
    problems(PASS, { engines: [{ ...LOCAL, processor }] } as never).length;
  t.is(time({ programsMs: 0, allMs: null }), 0);
  t.is(time({ programsMs: 12, allMs: 40 }), 0);
  t.not(time({ programsMs: null, allMs: 40 }), 0);
  t.not(time({ programsMs: 12 }), 0);
  t.not(time({ programsMs: 12, allMs: 40, surprise: 1 }), 0);
  t.not(time(undefined), 0);
});

test('what a run shows of its expectations follows the schema, each key of it', (t) => {
  const cells = [RACE.reset, DIFFERING];
  const strict = conclusionOf(cells);
  t.deepEqual([strict.neverMet.length, strict.differences.length], [1, 1]);
  const said = (more: object) => problemsOf({ ...runOf(cells), ...strict, ...more });
  t.deepEqual(said({}), []);
  for (const key of ['neverMet', 'differences'] as const) {
    const [one] = strict[key] as readonly object[];
    for (const name of Object.keys(one ?? {})) {
      const { [name]: _, ...without } = (one ?? {}) as Record<string, unknown>;
      t.not(said({ [key]: [without] }).length, 0, `${key} without ${name}`);
    }
    t.not(said({ [key]: [{ ...one, surprise: 1 }] }).length, 0, key);
    t.not(said({ [key]: undefined }).length, 0, key);
  }
  const [difference] = strict.differences;
  t.not(said({ differences: [{ ...difference, link: 'http://example.org/' }] }).length, 0);
});

test('a difference that is not needed any more is the verdict of the run', (t) => {
  const cell = { ...DIFFERING, difference: { ...DIFFERING.difference, needed: false } };
  const run = { ...runOf([cell as CellResult]), ...conclusionOf([cell as CellResult]) };
  t.is(run.verdict, 'fail');
  t.deepEqual(problemsOf(run), []);
  t.not(problemsOf({ ...run, verdict: 'pass' }).length, 0);
  t.not(problemsOf({ ...run, differences: [] }).length, 0);
});

test('the schema knows the names that the code knows', (t) => {
  const { $defs } = JSON.parse(readFileSync(inProject('runners/results/run.schema.json'), 'utf8'));
  t.deepEqual($defs.stepName.enum, [...STEP_NAMES]);
  t.deepEqual($defs.causes.items.enum, [...CAUSES]);
  t.deepEqual($defs.program.properties.program.enum, [...PROGRAM_NAMES, 'none']);
  t.deepEqual($defs.cell.properties.looks.items.properties.on.enum, [...HOST_NAMES]);
});
