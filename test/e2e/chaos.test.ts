import test from 'ava';
import { examineInTurn } from '../../runners/chaos/examine.ts';
import { experiments as all } from '../../runners/chaos/experiments/all.ts';
import { closeOwnEngine } from '../../runners/chaos/own-engine.ts';
import { whyNot } from '../../runners/chaos/why-not.ts';

const required = (process.env.RESET_LABS_REQUIRE_ENGINES ?? '').split(',');

/** Each fault once: signals at other moments are for `npm run chaos`, and for kill.test.ts. */
const experiments = all.filter(
  ({ moment, fault }) => moment.startsWith('middle') || !/SIG(INT|TERM|KILL) /.test(fault),
);

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
