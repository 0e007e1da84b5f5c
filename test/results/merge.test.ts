import test from 'ava';
import type { Cell } from '../../runners/plan.ts';
import { emptyResult } from '../../runners/results/cell-result.ts';
import { type FoundRun, merge } from '../../runners/results/merge.ts';
import type { CellResult, EngineOfRun, RunResult } from '../../runners/results/result.ts';
import { planDigest } from '../../runners/shard.ts';
import { UserError } from '../../runners/user-error.ts';
import { cellOf, LANGUAGES } from '../_observation.ts';
import { FAIL, LOCAL, PASS, PASS_JAVA, RACE, runOf, UNKNOWN } from '../reports/_results.ts';

const REVISION = { commit: 'c0ffee', sources: 'abcd' };
const INTO = { id: 'whole', command: 'npm run merge -- results' };

/** A plan of three cells, in its order. */
const [FIRST, SECOND, THIRD] = [PASS, PASS_JAVA, { ...PASS, repeat: 2 }];
const IDS = [
  '04-crash-server-python-python-1',
  '04-crash-server-java-python-1',
  '04-crash-server-python-python-2',
];
const PLAN = {
  plan: planDigest(IDS.map((id) => ({ engine: 'local', ip: 4, id }))),
  total: IDS.length,
};

function shard(
  index: number,
  count: number,
  cells: readonly CellResult[],
  more: Partial<RunResult> = {},
): FoundRun {
  const part = { index, count, ...PLAN };
  const result = runOf(cells, { id: `run-${index}`, revision: REVISION, shard: part, ...more });
  return { folder: `results/${index}`, result };
}

/** By the places in the plan above; what is not of it comes last. */
function orderOf(cell: CellResult): number[] {
  return [cell.repeat, [FIRST, SECOND].findIndex(({ client }) => client === cell.client)];
}

function merged(...found: readonly FoundRun[]): RunResult {
  return merge(found, INTO, orderOf);
}

const ONE = shard(1, 2, [THIRD, FIRST]);
const TWO = shard(2, 2, [SECOND]);

test('all shards make one run, in the order of the plan, whatever theirs was', (t) => {
  const result = merged(TWO, ONE);
  t.deepEqual(result.cells, [FIRST, SECOND, THIRD]);
  t.is(result.verdict, 'pass');
  t.is(result.planned, 3);
  t.is(result.id, 'whole');
  t.is(result.command, INTO.command);
  t.is(result.shard, null);
  t.deepEqual(result.revision, REVISION);
  t.false(result.interrupted);
});

test('it says of which shards it was made, in their order', (t) => {
  const other = { kernel: '6.12.1', arch: 'aarch64', cpus: 8 };
  const result = merged(shard(2, 2, [SECOND], { machine: other }), ONE);
  t.deepEqual(
    result.merged?.map(({ index, id, machine }) => [index, id, machine.kernel]),
    [
      [1, 'run-1', '6.18.44'],
      [2, 'run-2', '6.12.1'],
    ],
  );
});

test('one shard alone may be the whole', (t) => {
  t.is(merged(shard(1, 1, [FIRST, SECOND, THIRD])).verdict, 'pass');
});

test('a shard without cells is a shard, too', (t) => {
  const result = merged(shard(1, 2, [FIRST, SECOND, THIRD]), shard(2, 2, [], { engines: [] }));
  t.is(result.verdict, 'pass');
  t.deepEqual(result.engines, [LOCAL]);
});

test('it lasted from the begin of the first shard to the end of the last', (t) => {
  const late = { startedAt: '2026-11-21T09:00:05.000Z', durationMs: 1000 };
  const { startedAt, durationMs } = merged(shard(1, 2, [THIRD, FIRST], late), TWO);
  t.is(startedAt, '2026-11-21T09:00:00.000Z');
  t.is(durationMs, 6000);
});

test('the times of an engine are the sums of all shards; those not known remain so', (t) => {
  const docker: EngineOfRun = {
    ...{ name: 'docker', title: 'docker 20.10', why: 'it answers', kernel: '6.12.1' },
    ...{ durationMs: 7, processor: { programsMs: 70, allMs: null } },
  };
  const local = {
    ...{ ...LOCAL, kernel: '6.12.1', why: 'another', durationMs: 300 },
    processor: { programsMs: 100, allMs: 900 },
  };
  const known = { ...LOCAL, processor: { programsMs: 1900, allMs: 5000 } };
  const { engines } = merged(
    shard(1, 2, [THIRD, FIRST], { engines: [docker, known] }),
    shard(2, 2, [SECOND], { engines: [docker, local] }),
  );
  t.deepEqual(engines, [
    {
      ...{ name: 'local', title: 'local', why: 'asked for', kernel: '6.18.44, 6.12.1' },
      ...{ durationMs: 912, processor: { programsMs: 2000, allMs: 5900 } },
    },
    { ...docker, durationMs: 14, processor: { programsMs: 140, allMs: null } },
  ]);
  const one = merged(shard(1, 2, [THIRD, FIRST]), shard(2, 2, [SECOND], { engines: [local] }));
  t.is(one.engines[0]?.processor.allMs, null, 'one of two is not known');
});

test('the verdict is that of all cells', (t) => {
  const of = (cell: CellResult) => merged(ONE, shard(2, 2, [{ ...cell, client: SECOND.client }]));
  t.is(of(FAIL).verdict, 'fail');
  t.is(of(UNKNOWN).verdict, 'unknown');
  t.is(of({ ...PASS, verdict: 'not-run' }).verdict, 'unknown');
});

test('what the shards say themselves of verdicts and outcomes is not taken over', (t) => {
  const said = { verdict: 'pass', neverMet: [], differences: [] } as const;
  const failed = { ...FAIL, client: SECOND.client };
  t.is(merged(ONE, shard(2, 2, [failed], said)).verdict, 'fail');
});

test('an outcome that one shard has met is met', (t) => {
  const cells = [RACE.reset, { ...RACE.closed, repeat: 2 }];
  const ids = ['04-crash-server-race-python-python-1', '04-crash-server-race-python-python-2'];
  const plan = planDigest(ids.map((id) => ({ engine: 'local', ip: 4, id })));
  const [one, two] = cells.map((cell, place) =>
    shard(place + 1, 2, [cell], { shard: { index: place + 1, count: 2, plan, total: 2 } }),
  ) as [FoundRun, FoundRun];
  t.deepEqual(
    [one, two].map(({ result }) => result.neverMet.map(({ outcome }) => outcome)),
    [['end of file'], ['reset']],
    'each alone has not met one',
  );
  t.deepEqual(merged(one, two).neverMet, []);
});

test('a shard that was killed makes the whole unknown, and interrupted', (t) => {
  const killed = shard(1, 2, [FIRST], { planned: 2, interrupted: true });
  const result = merged(killed, TWO);
  t.is(result.verdict, 'unknown');
  t.true(result.interrupted);
  t.is(result.planned, 3);
  t.is(result.cells.length, 2);
});

test('a failure counts even where a shard was killed', (t) => {
  const killed = shard(1, 2, [{ ...FAIL, client: FIRST.client }], { interrupted: true });
  t.is(merged(killed, TWO).verdict, 'fail');
});

test('a cell that somebody has taken out of a result makes the whole unknown', (t) => {
  t.is(merged(shard(1, 2, [FIRST]), TWO).verdict, 'unknown');
});

const JAVA_25 = cellOf(
  {},
  {
    client: {
      ...LANGUAGES.java,
      ...{ id: 'java@25', version: { name: '25', image: 'on request' } },
    },
  },
);

test('two versions of a language are two cells', (t) => {
  const other: Cell = { ...JAVA_25, id: '04-crash-server-java@25-python-1' };
  const ids = [IDS[1] as string, other.id];
  const plan = planDigest(ids.map((id) => ({ engine: 'local', ip: 4, id })));
  const part = { index: 1, count: 1, plan, total: 2 };
  const cells = [PASS_JAVA, emptyResult(other, 'not-run', 'it is not there')];
  t.is(merged(shard(1, 1, cells, { shard: part })).cells.length, 2);
});

const REFUSED: readonly (readonly [what: string, found: readonly FoundRun[], message: string])[] = [
  ['nothing', [], 'There is no run to merge: name their folders.'],
  [
    'a run that is no shard',
    [ONE, shard(2, 2, [SECOND], { shard: null })],
    'The run in results/2 is no shard: it was run without --shard. Merge shards only.',
  ],
  [
    'a run that is merged already',
    [ONE, shard(2, 2, [SECOND], { shard: null, merged: [] })],
    'The run in results/2 is merged already. Merge shards only, or take it as it is.',
  ],
  [
    'a shard that does not say what was run',
    [ONE, shard(2, 2, [SECOND], { revision: null })],
    'The run in results/2 does not say of which sources it is. Run that shard again.',
  ],
  [
    'other sources',
    [ONE, shard(2, 2, [SECOND], { revision: { commit: null, sources: 'dcba' } })],
    'The runs in results/1 and results/2 are of different sources (c0ffee, no commit). Run all shards with the same commit.',
  ],
  [
    'another commit',
    [ONE, shard(2, 2, [SECOND], { revision: { ...REVISION, commit: 'decade' } })],
    'The runs in results/1 and results/2 are of different commits (c0ffee, decade). Run all shards with the same commit.',
  ],
  [
    'another number of shards',
    [ONE, shard(2, 3, [SECOND])],
    'The runs in results/1 and results/2 are shards of 2 and of 3. Run all with the same --shard …/n.',
  ],
  [
    'another plan',
    [ONE, shard(2, 2, [SECOND], { shard: { index: 2, count: 2, plan: 'other', total: 3 } })],
    'The runs in results/1 and results/2 are shards of different plans: different labs, languages, repeats or engines. Run all with the same options, and name the engine: --engine local',
  ],
  [
    'a shard that is missing',
    [ONE],
    'Shard 2/2 is missing. Run it (--shard 2/2) and name its folder, too.',
  ],
  [
    'a shard twice',
    [ONE, TWO, { ...TWO, folder: 'again/2' }],
    'Shard 2/2 is there 2 times: results/2 and again/2. Name one of them.',
  ],
  [
    'a cell twice',
    [ONE, shard(2, 2, [FIRST])],
    'Two shards have the same cell: 04-crash-server-python-python-1 in the local engine, IPv4. A result was edited: run the shards again.',
  ],
  [
    'more cells than were planned',
    [ONE, shard(2, 2, [SECOND, { ...PASS, repeat: 3 }])],
    'The shards have 4 cells together, but 3 were planned. A result was edited: run the shards again.',
  ],
  [
    'a cell that was not planned',
    [ONE, shard(2, 2, [{ ...SECOND, lab: 'another' }])],
    "The shards' cells are not those that were planned. A result was edited: run the shards again.",
  ],
];

for (const [what, found, message] of REFUSED) {
  test(`refused: ${what}`, (t) => {
    t.throws(() => merged(...found), { instanceOf: UserError, message });
  });
}

test('changes beside the sources do not make it another commit', (t) => {
  const dirty = { ...REVISION, commit: 'c0ffee-dirty' };
  t.is(merged(ONE, shard(2, 2, [SECOND], { revision: dirty })).verdict, 'pass');
  const none = { ...REVISION, commit: null };
  t.is(merged(ONE, shard(2, 2, [SECOND], { revision: none })).verdict, 'pass', 'no repository');
});
