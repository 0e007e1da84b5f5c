import test from 'ava';
import { examineInTurn } from '../../runners/chaos/examine.ts';
import { experiments as all } from '../../runners/chaos/experiments/all.ts';
import { closeOwnEngine } from '../../runners/chaos/own-engine.ts';
import { whyNot } from '../../runners/chaos/why-not.ts';

const required = (process.env.RESET_LABS_REQUIRE_ENGINES ?? '').split(',');

/** One; signals to runs are in kill.test.ts. All of them are for `npm run chaos`. */
const SAMPLE = [['local', 'the disk that holds the results is full']] as const;
const experiments = SAMPLE.map(([engine, fault]) => {
  const [found] = all.filter(
    (one) => one.engine === engine && one.fault === fault && one.moment.startsWith('middle'),
  );
  if (found === undefined) throw new Error(`there is no experiment "${fault}" (${engine})`);
  return found;
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
