import { setTimeout as after } from 'node:timers/promises';
import test from 'ava';
import { DeadlineError, PATIENCE_MS, patience, until, within } from '../runners/deadline.ts';
import { UserError } from '../runners/user-error.ts';

const never = new Promise<never>(() => {});

test('a state that comes is waited for, and its answer returned', async (t) => {
  let asked = 0;
  const answer = await until('the state', async () => (++asked === 5 ? 'here' : undefined));
  t.is(answer, 'here');
  t.is(asked, 5);
});

test('what comes soon is seen soon; what takes long is looked for less and less often', async (t) => {
  const looks: number[] = [];
  const began = performance.now();
  await until('the state', async () => {
    const now = performance.now() - began;
    looks.push(now);
    return now > 1_000 ? 'here' : undefined;
  });
  t.true(looks.length >= 5, `${looks.length} looks`);
  t.true(looks.length <= 30, `${looks.length} looks`);
  // On a busy machine all come later; none comes sooner.
  t.true((looks.at(-1) ?? 0) - (looks.at(-2) ?? 0) >= 99, `the last: ${looks.slice(-2)}`);
});

test('a state that soon passes is looked for as often as it is asked for', async (t) => {
  const began = performance.now();
  let looks = 0;
  const seen = async () => {
    looks += 1;
    return performance.now() - began > 300 || undefined;
  };
  await until('the state', seen, { lateMs: 1 });
  // At least a tenth of what an idle machine would do; by itself it would be some 20.
  t.true(looks > 30, `${looks} looks`);
});

test('an answer of false, null or 0 is an answer', async (t) => {
  for (const answer of [false, null, 0]) t.is(await until('the state', async () => answer), answer);
});

test('a state that does not come is an error which names it and what is there instead', async (t) => {
  const error = await t.throwsAsync(
    until('bytes on the server', async () => undefined, {
      deadlineMs: 20,
      instead: async () => 'no connection',
    }),
    { instanceOf: DeadlineError },
  );
  t.is(error.message, 'bytes on the server did not come within 0.02 s; instead: no connection');
});

test('even with no time at all the state is looked for once', async (t) => {
  t.is(await until('the state', async () => 'here', { deadlineMs: 0 }), 'here');
});

test('an error while looking ends the wait', async (t) => {
  const look = async () => {
    throw new Error('the host has gone');
  };
  await t.throwsAsync(until('the state', look), { message: 'the host has gone' });
});

test('a promise that is kept in time is returned', async (t) => {
  t.is(await within('the end', Promise.resolve('here')), 'here');
});

test('a promise that is broken in time throws its own error', async (t) => {
  await t.throwsAsync(within('the end', Promise.reject(new Error('broken'))), {
    message: 'broken',
  });
});

test('a promise that is not kept in time is an error which names it', async (t) => {
  await t.throwsAsync(
    within('the end', never, 20, () => 'it is at "read"'),
    {
      instanceOf: DeadlineError,
      message: 'the end did not come within 0.02 s; instead: it is at "read"',
    },
  );
  await t.throwsAsync(within('the end', never, 20), {
    message: 'the end did not come within 0.02 s',
  });
});

test('what is there instead is looked for only when the time has gone', async (t) => {
  await within('the end', Promise.resolve(), 1000, () => {
    t.fail();
    return undefined;
  });
  t.pass();
});

test.serial('a wait that ended leaves no timer behind', async (t) => {
  const timers = () =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const before = timers();
  await within('the end', Promise.resolve(), 60_000);
  await t.throwsAsync(within('the end', Promise.reject(new Error('broken')), 60_000));
  t.is(timers(), before);
});

test('patience is 15 s unless the environment says otherwise', (t) => {
  t.is(patience(undefined), 15_000);
  t.is(patience(''), 15_000);
  t.is(patience('100'), 100);
  t.is(patience('600000'), 600_000);
  t.is(PATIENCE_MS, patience(process.env.RESET_LABS_PATIENCE_MS));
});

for (const text of ['0', '99', '600001', '-1', '1.5', '1e3', '15 s', 'long', ' 200']) {
  test(`patience of “${text}” is refused`, (t) => {
    t.throws(() => patience(text), {
      instanceOf: UserError,
      message: `RESET_LABS_PATIENCE_MS is "${text}". Write a whole number of milliseconds from 100 to 600000.`,
    });
  });
}

test.serial('a state that comes while this process is held up has come in time', async (t) => {
  const held = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_600);
  const answer = within('the state', after(150, 'here'), 100);
  held();
  t.is(await answer, 'here');
  const end = performance.now() + 100;
  const looking = until(
    'the state',
    async () => {
      if (performance.now() > end) return 'here';
      held();
      return undefined;
    },
    { deadlineMs: 50 },
  );
  t.is(await looking, 'here');
});
