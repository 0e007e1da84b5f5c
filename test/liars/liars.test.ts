// Each lie is told, in real cells of the local engine, and must be caught by name.
import test from 'ava';
import { ownPage } from '../../runners/docs/own-page.ts';
import { LIARS_PAGE, liarsParts } from '../../runners/liars/page.ts';
import { type AllTold, LIES, tellLies, verdictOn } from '../../runners/liars/tell.ts';
import { EnvironmentError, EXIT } from '../../runners/user-error.ts';

const isRequired = (process.env.RESET_LABS_REQUIRE_ENGINES ?? '').split(',').includes('local');

/** What was told; or why this machine has not the evidence about which to lie. */
const all: AllTold | string = await tellLies({
  jobs: 3,
  signal: new AbortController().signal,
  say: () => {},
}).catch((error: unknown) => {
  if (error instanceof EnvironmentError && !isRequired) return error.message;
  throw error;
});

if (typeof all === 'string') {
  test.skip(`lies are caught (${all})`, () => {});
} else {
  for (const { lie, verdict, problem } of all.lies) {
    test(`${lie.of} · ${lie.name}`, (t) => {
      t.is(problem, null);
      t.not(verdict, 'pass');
    });
  }
  for (const { name, problem } of all.twins) {
    test(`truth · ${name}`, (t) => t.is(problem, null));
  }
  test('every lie was told', (t) => {
    t.is(all.lies.length, LIES.length);
    t.true(all.twins.length > 0);
  });
  test('the page says who caught them', async (t) => {
    const how = { check: true, again: 'npm run liars' };
    const { status, text } = await ownPage(LIARS_PAGE, liarsParts(all), how);
    t.is(status, EXIT.pass, text);
  });
}

test('lies have names of their own', (t) => {
  t.is(new Set(LIES.map(({ name }) => name)).size, LIES.length);
});

test('a lie that its entry does not name is not caught', (t) => {
  const [lie] = LIES;
  if (!lie) return t.fail();
  const agrees = { agreement: 'agrees', expected: '', observed: '' } as const;
  const findings = { program: agrees, packets: agrees, kernel: agrees };
  const passed = { verdict: 'pass', reason: 'all agree', findings, outcome: null } as const;
  t.is(
    verdictOn(lie, passed).problem,
    'the verdict is pass, not fail; caught by nobody, not by packets, kernel; the reason does not name it: all agree',
  );
  const against = { ...agrees, agreement: 'contradicts' } as const;
  const failed = { ...passed, verdict: 'fail', reason: 'fail' } as const;
  const named = { ...failed, findings: { ...findings, packets: against, kernel: against } };
  t.is(verdictOn(lie, named).problem, 'the reason does not name it: fail');
});
