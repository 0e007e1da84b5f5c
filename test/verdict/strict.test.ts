import test from 'ava';
import { conclusionOf } from '../../runners/results/conclusion.ts';
import type { CellResult, DifferenceOfRun } from '../../runners/results/result.ts';
import {
  differenceProblem,
  differencesOf,
  ENOUGH,
  nameOf,
  neverMet,
  strictness,
} from '../../runners/verdict/strict.ts';
import { LINK } from '../_observation.ts';
import { FAIL, NOT_RUN, PASS, RACE, UNKNOWN } from '../reports/_results.ts';

const OUTCOMES = ['reset', 'end of file'];

function times(count: number, cell: CellResult): CellResult[] {
  return Array.from({ length: count }, (_, index) => ({ ...cell, repeat: index + 1 }));
}

/** A cell with a difference of Node's. */
function differing(
  needed: boolean | null,
  { byChance = false, ...more }: Partial<CellResult> & { byChance?: boolean } = {},
): CellResult {
  const difference = { client: 'node', server: null, link: LINK, byChance, needed };
  return { ...PASS, because: 'it reads unasked', difference, ...more };
}

function standing(...cells: readonly CellResult[]): DifferenceOfRun['standing'] | undefined {
  return differencesOf(cells)[0]?.standing;
}

test('an outcome that no cell has shown is told, with the cells that could have', (t) => {
  t.deepEqual(neverMet([RACE.reset, RACE.reset, RACE.neither]), [
    {
      ...{ lab: 'crash-server', number: '04', variant: 'race', cure: null },
      ...{ client: null, server: null },
      ...{ outcome: 'end of file', because: 'the FIN was first', cells: 3 },
    },
  ]);
});

test('outcomes that were all shown are not told', (t) => {
  t.deepEqual(neverMet([RACE.reset, RACE.closed]), []);
});

test('a lab with one outcome only has none that could not come', (t) => {
  t.deepEqual(neverMet([PASS, FAIL]), []);
});

test('what did not happen, or is unknown, could have shown nothing', (t) => {
  const { outcomes } = RACE.reset;
  const cells = [
    { ...NOT_RUN, outcomes },
    { ...UNKNOWN, outcomes },
  ];
  t.deepEqual(neverMet(cells), []);
  t.deepEqual(
    neverMet([...cells, RACE.reset]).map(({ cells }) => cells),
    [1],
  );
});

test('a failed cell counts, and has shown no outcome', (t) => {
  const told = neverMet([RACE.neither]);
  t.deepEqual(
    told.map(({ outcome, cells }) => [outcome, cells]),
    OUTCOMES.map((name) => [name, 1]),
  );
});

test('stories, and the languages of a difference, are told apart', (t) => {
  const cured = { ...RACE.closed, cure: 'retry' };
  const node = differing(true, { outcomes: RACE.reset.outcomes, outcome: RACE.closed.outcome });
  t.deepEqual(
    neverMet([RACE.reset, cured, node]).map((one) => [nameOf(one), one.outcome]),
    [
      ['04 crash-server · race', 'end of file'],
      ['04 crash-server · race · cured by retry', 'reset'],
      ['04 crash-server · node client', 'reset'],
    ],
  );
});

test('engines are not told apart: where one has shown an outcome, it is possible', (t) => {
  t.deepEqual(neverMet([RACE.reset, { ...RACE.closed, engine: 'docker' } as CellResult]), []);
});

test('a difference that one cell needs is needed, whatever the others do', (t) => {
  t.is(standing(differing(true)), 'needed');
  t.is(standing(differing(false), differing(true), differing(null)), 'needed');
  t.is(standing(...times(ENOUGH, differing(false, { byChance: true })), differing(true)), 'needed');
});

test('an exact difference that one cell shows not to be needed, and none needs, is not needed', (t) => {
  t.is(standing(differing(false)), 'not needed');
  t.is(standing(differing(null), differing(false)), 'not needed');
});

test('of a difference that chance may hide few cells say nothing, and many say that it is not needed', (t) => {
  const cell = differing(false, { byChance: true });
  t.is(standing(cell), 'not shown');
  t.is(standing(...times(ENOUGH - 1, cell)), 'not shown');
  t.is(standing(...times(ENOUGH, cell)), 'not needed');
});

test('cells that could not show whether it is needed do not count as many', (t) => {
  const cells = times(ENOUGH, differing(null, { byChance: true }));
  t.is(standing(...cells), 'not shown');
  t.is(standing(...cells, differing(false, { byChance: true })), 'not shown');
});

test('chance is no excuse where a cell failed by the difference', (t) => {
  t.is(standing(differing(false, { byChance: true, verdict: 'fail' })), 'not needed');
});

test('what could not be decided is not shown', (t) => {
  t.is(standing(differing(null)), 'not shown');
  t.is(standing(differing(null, { verdict: 'unknown' })), 'not shown');
});

test('cells that were not run say nothing of a difference', (t) => {
  t.deepEqual(differencesOf([differing(null, { verdict: 'not-run' })]), []);
  t.deepEqual(differencesOf([PASS, FAIL]), []);
});

test('a difference is told with its cells', (t) => {
  const cells = [differing(true), differing(false), differing(null), differing(true)];
  t.deepEqual(differencesOf(cells), [
    {
      ...{ lab: 'crash-server', number: '04', variant: null, cure: null },
      ...{ client: 'node', server: null, because: 'it reads unasked', link: LINK },
      ...{ cells: 4, needed: 2, unneeded: 1, standing: 'needed' },
    },
  ]);
});

test('the same difference of two stories is two', (t) => {
  const cells = [differing(true), differing(false, { variant: 'other' })];
  t.deepEqual(
    differencesOf(cells).map(({ variant, standing }) => [variant, standing]),
    [
      [null, 'needed'],
      ['other', 'not needed'],
    ],
  );
});

test('a run in which all cells pass fails by a difference that is not needed', (t) => {
  t.is(conclusionOf([PASS, differing(true)]).verdict, 'pass');
  t.is(conclusionOf([PASS, differing(false)]).verdict, 'fail');
  t.is(conclusionOf([UNKNOWN, differing(false)]).verdict, 'fail');
});

test('what is reported only fails no run', (t) => {
  const { verdict, neverMet, differences } = conclusionOf([
    RACE.reset,
    differing(false, { byChance: true }),
  ]);
  t.is(verdict, 'pass');
  t.deepEqual([neverMet.length, differences[0]?.standing], [1, 'not shown']);
});

test('a run of which cells are lost is not passed by those that are there', (t) => {
  t.is(conclusionOf([PASS], 2).verdict, 'unknown');
  t.is(conclusionOf([NOT_RUN]).verdict, 'unknown');
  t.is(conclusionOf([]).verdict, 'unknown');
  t.deepEqual(strictness([]), { neverMet: [], differences: [] });
});

test('why a run fails for a difference names lab, languages, cells and what to do', (t) => {
  const [difference] = differencesOf([differing(false), differing(null)]);
  t.is(
    difference && differenceProblem(difference),
    `04 crash-server · node client: the difference is not needed any more: in 1 of 2 cells all witnesses agree with what the lab expects of the others, and none needed it. Remove it from \`differs\` in labs/programs/node/language.ts. It says: it reads unasked (${LINK})`,
  );
});
