import test from 'ava';
import { examineInTurn } from '../../runners/chaos/examine.ts';
import { experiments as all } from '../../runners/chaos/experiments/all.ts';
import { closeOwnEngine } from '../../runners/chaos/own-engine.ts';
import { whyNot } from '../../runners/chaos/why-not.ts';

const required = (process.env.RESET_LABS_REQUIRE_ENGINES ?? '').split(',');

/**
 * Faults of which the moment is their own choice are done at one. Signals to runs in Docker are in kill.test.ts; all of
 * it is for `npm run chaos`.
 */
const experiments = all.filter(({ engine, fault, moment }) => {
  if (!/^SIG(INT|TERM|KILL) /.test(fault)) return true;
  const isOfDockersRuns = engine === 'docker' && fault.includes('the orchestrator');
  return moment.startsWith('middle') && !isOfDockersRuns;
});

/** Why experiments cannot be done here, in their order. */
const problems = await Promise.all(experiments.map(whyNot));

test.after.always(() => closeOwnEngine());

for (const [place, experiment] of experiments.entries()) {
  const { engine, fault, moment } = experiment;
  const title = `${engine} · ${fault} · ${moment}`;
  const problem = problems[place];
  if (problem !== undefined && !required.includes(engine)) {
    test.skip(`${title} (${problem})`, () => {});
    continue;
  }
  test(title, async (t) => {
    // It waits for its turn, too.
    t.timeout(900_000);
    t.is(problem, undefined);
    const { broken } = await examineInTurn(experiment);
    t.deepEqual(broken, []);
  });
}

test('each experiment has a name of its own', (t) => {
  const names = all.map(({ engine, name }) => `${engine} ${name}`);
  t.deepEqual([...new Set(names)], names);
});
