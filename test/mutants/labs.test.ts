// Mutants of a few real labs, judged by what was really seen. All labs are for `npm run mutants`.
import test from 'ava';
import { withDifferences } from '../../runners/catalog/differences.ts';
import { loadLabs, loadLanguages } from '../../runners/catalog/load.ts';
import { judgeMutants } from '../../runners/commands/mutants.ts';
import { cellsOf } from '../../runners/mutants/stories.ts';
import { record } from '../../runners/recording.ts';
import { engines } from '../e2e/_engines.ts';

const LABS = ['hello', 'refused', 'abort', 'crash-server', 'crash-idle', 'closed-socket'];

for (const { name, test: declare } of engines.filter((engine) => engine.name === 'local')) {
  declare.serial(`${name} · every mutant of a few labs is caught or explained`, async (t) => {
    t.timeout(120_000);
    const languages = await loadLanguages(['node', 'python'], '--client');
    const labs = withDifferences(await loadLabs(LABS), languages);
    const recorded = await record(cellsOf(labs, languages, 1), {
      ...{ engine: 'local', jobs: 4, signal: new AbortController().signal, say: () => {} },
    });
    const { mutants, problems } = judgeMutants(recorded, { seed: 1, count: 600 });
    t.deepEqual(problems, []);
    t.true(mutants.length >= 600);
    const caught = mutants.filter(({ fate }) => fate === 'caught').length;
    t.log(`${mutants.length} mutants, ${caught} caught`);
    t.true(caught > 400);
  });
}

test('the labs of this test are there', async (t) => {
  const labs = await loadLabs(LABS);
  t.is(new Set(labs.map(({ name }) => name)).size, LABS.length);
});
