// What a machine lacks makes cells not-run, each with its reason: none disappears, and none passes.
import test from 'ava';
import { loadLabs, loadLanguages } from '../runners/catalog/load.ts';
import type { Engine } from '../runners/engines/engine.ts';
import { type Cell, plan } from '../runners/plan.ts';
import { reasonsNotRun } from '../runners/reports/not-run.ts';
import { conclusionOf } from '../runners/results/conclusion.ts';
import type { CellResult } from '../runners/results/result.ts';
import { run } from '../runners/run.ts';

const [LABS, LANGUAGES] = await Promise.all([
  loadLabs(['all']),
  loadLanguages(['all'], '--client'),
]);
const CELLS: readonly Cell[] = plan({
  ...{ labs: LABS, clients: LANGUAGES, servers: LANGUAGES, engine: 'local' as const },
  ...{ ip: 4 as const, repeat: 1, firstPort: 20_000 },
});

type Lacks = Partial<Pick<Engine, 'prepare' | 'lacks'>>;

/** Runs all cells in an engine that can make no hosts. */
async function runWithout(lacks: Lacks): Promise<readonly CellResult[]> {
  const engine: Engine = {
    ...{ name: 'local', title: 'none', kernel: '6.18' },
    prepare: async () => undefined,
    lacks: async () => undefined,
    installed: () => ({ folder: '/', command: ['false'] }),
    processors: async () => 2,
    tool: (file) => file,
    keys: ({ kind }) => [kind, ''],
    make: async () => {
      throw new Error('there are no hosts');
    },
    trace: async () => {
      throw new Error('there is no trace');
    },
    lost: async () => undefined,
    close: async () => {},
    ...lacks,
  };
  const { results } = await run(CELLS, engine, {
    ...{ jobs: 2, leaveOut: new Set(), looking: false, costOf: () => 1 },
    keepPcap: async () => null,
    onResult: async () => {},
    signal: new AbortController().signal,
  });
  return results;
}

const nameOf = ({ number, variant, cure, client, server }: CellResult) =>
  [number, variant, cure, client.language, server.language].join(' ');
const planned = CELLS.map(({ lab, client, server }) =>
  [lab.number, lab.variant, lab.cure, client.name, server.name].join(' '),
);

test('where no host can be made each planned cell has a result, and none passes', async (t) => {
  const results = await runWithout({});
  t.deepEqual(results.map(nameOf), planned);
  t.true(results.every(({ verdict }) => verdict === 'unknown'));
  t.is(conclusionOf(results).verdict, 'unknown');
});

test('each cell of a language that is missing is not run, with the reason', async (t) => {
  const results = await runWithout({
    prepare: async ({ name }) => (name === 'java' ? { unavailable: 'no java' } : undefined),
  });
  t.deepEqual(results.map(nameOf), planned);
  const isOfJava = ({ client, server }: CellResult) =>
    client.language === 'java' || (server.language === 'java' && server.program !== 'none');
  for (const result of results) {
    t.is(result.verdict === 'not-run', isOfJava(result), nameOf(result));
    if (isOfJava(result)) t.is(result.reason, 'no java');
  }
  t.deepEqual(reasonsNotRun(results), [
    { reason: 'no java', count: results.filter(isOfJava).length },
  ]);
});

test('each cell of a lab that needs what is missing is not run, with the reason', async (t) => {
  const results = await runWithout({
    lacks: async (need) => ({ unavailable: `no ${need}` }),
  });
  t.deepEqual(results.map(nameOf), planned);
  for (const [index, { verdict, reason }] of results.entries()) {
    const [need] = CELLS[index]?.lab.needs ?? [];
    t.is(verdict, need === undefined ? 'unknown' : 'not-run');
    if (need !== undefined) t.is(reason, `no ${need}`);
  }
});

test('reasons are counted, the most frequent first', (t) => {
  const cell = (verdict: CellResult['verdict'], reason: string) => ({ verdict, reason });
  const cells = [
    ...[cell('not-run', 'a'), cell('not-run', 'b'), cell('not-run', 'b')],
    ...[cell('pass', 'c'), cell('unknown', 'd'), cell('fail', 'e')],
  ];
  t.deepEqual(reasonsNotRun(cells), [
    { reason: 'b', count: 2 },
    { reason: 'a', count: 1 },
  ]);
});
