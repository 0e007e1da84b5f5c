import test from 'ava';
import { Limit } from '../runners/limit.ts';

test('no more than so many happen at the same time, in order, also after failures', async (t) => {
  const limit = new Limit(2);
  const order: number[] = [];
  let now = 0;
  let most = 0;
  const results = await Promise.allSettled(
    [0, 1, 2, 3, 4, 5, 6].map((number) =>
      limit.run(async () => {
        now += 1;
        most = Math.max(most, now);
        order.push(number);
        await new Promise(setImmediate);
        now -= 1;
        if (number % 3 === 0) throw new Error(String(number));
        return number;
      }),
    ),
  );
  t.is(most, 2);
  t.deepEqual(order, [0, 1, 2, 3, 4, 5, 6]);
  t.deepEqual(
    results.map(({ status }) => status === 'fulfilled'),
    [false, true, true, false, true, true, false],
  );
});
