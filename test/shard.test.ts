import test from 'ava';
import { type Cell, PORTS, plan } from '../runners/plan.ts';
import {
  cellsOfShard,
  parseShard,
  planDigest,
  type Shard,
  shardOfEnvironment,
} from '../runners/shard.ts';
import { UserError } from '../runners/user-error.ts';
import { CRASH, LANGUAGES } from './_observation.ts';

const languages = Object.values(LANGUAGES);
const NAMES = ['abort', 'hello', 'crash-server', 'half-open', 'keepalive'];

/** 45 cells: of each lab 9. */
function planned(firstPort: number = PORTS.first): Cell[] {
  const labs = NAMES.map((name, place) => ({ ...CRASH, name, number: `0${place + 1}` }));
  return plan({
    ...{ labs, clients: languages, servers: languages, firstPort },
    ...{ engine: 'local', ip: 4, repeat: 1 },
  });
}

function idsOf(cells: readonly Cell[]): string[] {
  return cells.map(({ id }) => id);
}

/** Labs of very different durations: one cell of the last takes as long as 80 of the first. */
function costOf({ lab }: Cell): number {
  return 10 * 3 ** NAMES.indexOf(lab.name);
}

function loads(cells: readonly Cell[], count: number, cost = costOf): number[] {
  return shards(cells, count, cost).map((own) => own.reduce((sum, cell) => sum + cost(cell), 0));
}

function shards(cells: readonly Cell[], count: number, cost = costOf): Cell[][] {
  return Array.from({ length: count }, (_, place) =>
    cellsOfShard(cells, { index: place + 1, count }, cost),
  );
}

test('every cell is in exactly one shard', (t) => {
  const cells = planned();
  for (let count = 1; count <= 7; count++) {
    const all = shards(cells, count).flat();
    t.deepEqual(idsOf(all).sort(), idsOf(cells).sort(), `of ${count}`);
  }
});

test('there may be more shards than cells: the last of them are empty', (t) => {
  const cells = planned().slice(0, 3);
  const sizes = shards(cells, 5).map(({ length }) => length);
  t.deepEqual(sizes, [1, 1, 1, 0, 0]);
});

test('a shard has its cells in the order of the plan', (t) => {
  const cells = planned();
  for (const own of shards(cells, 4)) {
    t.deepEqual(idsOf(own), idsOf(cells.filter((cell) => own.includes(cell))));
  }
});

test('each machine that makes the same plan divides it in the same way', (t) => {
  // The ports are drawn by each run.
  t.deepEqual(shards(planned(), 4).map(idsOf), shards(planned(25_000), 4).map(idsOf));
});

test('shards take about equally long, by the measured durations', (t) => {
  const cells = planned();
  const longest = Math.max(...cells.map(costOf));
  for (let count = 2; count <= 7; count++) {
    const all = loads(cells, count);
    const spread = Math.max(...all) - Math.min(...all);
    t.true(spread <= longest, `of ${count}: they differ by more than one cell: ${all}`);
  }
  // By the mere number of cells they would not.
  const alike = loads(cells, 3, () => 1);
  t.deepEqual(alike, [15, 15, 15]);
});

test('the longest cells are divided first, wherever they stand in the plan', (t) => {
  // Nine short cells, and last one that takes as long as they do together.
  const cells = planned().slice(0, 10);
  const cost = ({ lab }: Cell) => (lab.name === 'abort' ? 10 : 90);
  t.deepEqual(loads(cells, 2, cost), [90, 90]);
});

test('what --shard takes', (t) => {
  t.deepEqual(parseShard('1/1'), { index: 1, count: 1 });
  t.deepEqual(parseShard('2/5'), { index: 2, count: 5 });
  t.deepEqual(parseShard('1000/1000'), { index: 1000, count: 1000 });
});

for (const wrong of [
  ...['', '2', '/', '2/', '/5', '0/5', '6/5', '-1/5', '2/0', '1/1001', '1.5/5', '2/5/9', ' 2/5'],
  ...['2 / 5', '2/5\n', '0x2/5', '1e0/5', 'a/b', '²/5', '2of5', '00001/5'],
]) {
  test(`what --shard refuses: ${JSON.stringify(wrong)}`, (t) => {
    t.throws(() => parseShard(wrong), {
      instanceOf: UserError,
      message: `--shard is "${wrong}". Write which shard of how many, the first is 1: 2/5, of 1000 at most.`,
    });
  });
}

const FOUND: readonly (readonly [what: string, environment: NodeJS.ProcessEnv, Shard | null])[] = [
  ['nothing', {}, null],
  ['the shard itself', { RESET_LABS_SHARD: '2/5' }, { index: 2, count: 5 }],
  [
    'Kubernetes counts from 0',
    { RESET_LABS_SHARDS: '5', JOB_COMPLETION_INDEX: '0' },
    { index: 1, count: 5 },
  ],
  [
    'the last pod of a Job',
    { RESET_LABS_SHARDS: '5', JOB_COMPLETION_INDEX: '4' },
    { index: 5, count: 5 },
  ],
  [
    'GNU parallel counts from 1',
    { RESET_LABS_SHARDS: '5', PARALLEL_SEQ: '1' },
    { index: 1, count: 5 },
  ],
  [
    'the last job of GNU parallel',
    { RESET_LABS_SHARDS: '5', PARALLEL_SEQ: '5' },
    { index: 5, count: 5 },
  ],
  [
    'a pod in which GNU parallel runs: the pod’s',
    { RESET_LABS_SHARDS: '5', JOB_COMPLETION_INDEX: '3', PARALLEL_SEQ: '1' },
    { index: 4, count: 5 },
  ],
  [
    'the shard itself comes first',
    { RESET_LABS_SHARD: '2/5', RESET_LABS_SHARDS: '9', JOB_COMPLETION_INDEX: '7' },
    { index: 2, count: 5 },
  ],
  ['a scheduler that runs something else', { JOB_COMPLETION_INDEX: '3', PARALLEL_SEQ: '1' }, null],
  ['empty variables', { RESET_LABS_SHARD: '', RESET_LABS_SHARDS: '' }, null],
];

for (const [what, environment, shard] of FOUND) {
  test(`the shard of the environment: ${what}`, (t) => {
    t.deepEqual(shardOfEnvironment(environment), shard);
  });
}

test('the environment is told by the variable that is wrong', (t) => {
  t.throws(() => shardOfEnvironment({ RESET_LABS_SHARD: '5' }), {
    instanceOf: UserError,
    message:
      'RESET_LABS_SHARD is "5". Write which shard of how many, the first is 1: 2/5, of 1000 at most.',
  });
  for (const environment of [{}, { JOB_COMPLETION_INDEX: '', PARALLEL_SEQ: '' }]) {
    t.throws(() => shardOfEnvironment({ RESET_LABS_SHARDS: '5', ...environment }), {
      instanceOf: UserError,
      message:
        'RESET_LABS_SHARDS is "5", but neither JOB_COMPLETION_INDEX nor PARALLEL_SEQ says which of them this is. Set RESET_LABS_SHARD=2/5 instead.',
    });
  }
});

for (const [shards, name, index, first] of [
  ...['-1', '5', 'one', '1e0', '0x1', ' 1', '1.5'].map(
    (index) => ['5', 'JOB_COMPLETION_INDEX', index, 0] as const,
  ),
  ...['0', '6', '-1', '2/5'].map((index) => ['5', 'PARALLEL_SEQ', index, 1] as const),
  ...['0', '-5', '1001', 'many', '5 ', '2/5'].map(
    (shards) => [shards, 'PARALLEL_SEQ', '1', 1] as const,
  ),
] as const) {
  test(`the environment is refused: ${JSON.stringify(shards)}, ${name} ${JSON.stringify(index)}`, (t) => {
    t.throws(() => shardOfEnvironment({ RESET_LABS_SHARDS: shards, [name]: index }), {
      instanceOf: UserError,
      message: `RESET_LABS_SHARDS is "${shards}" and ${name} "${index}", which is no shard: the first is ${first}, of 1000 at most. Mend them, or set RESET_LABS_SHARD=2/5 instead.`,
    });
  });
}

test('the digest is that of the cells, whatever their order and their ports', (t) => {
  const cells = planned();
  const digest = planDigest(cells);
  t.regex(digest, /^[0-9a-f]{16}$/);
  t.is(planDigest([...planned(25_000)].reverse()), digest);
  const [first, ...rest] = cells as [Cell, ...Cell[]];
  for (const [what, others] of Object.entries({
    'a cell less': rest,
    'a cell twice': [first, ...cells],
    'another engine': [{ ...first, engine: 'docker' as const }, ...rest],
    'another version of IP': [{ ...first, ip: 6 as const }, ...rest],
    'another id': [{ ...first, id: 'another' }, ...rest],
  })) {
    t.not(planDigest(others), digest, what);
  }
});
