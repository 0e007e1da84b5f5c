import test from 'ava';
import type { Cell } from '../runners/plan.ts';
import { CellQueue } from '../runners/queue.ts';
import { cellOf } from './_observation.ts';

/** `a3`: a cell of key a that takes 3 ms; `ax3`: one of the part x of key a. */
function queueOf(...names: readonly string[]): CellQueue {
  const cells = names.map((id) => cellOf({}, { id }));
  const costOf = ({ id }: Cell) => Number(id.replace(/\D/g, ''));
  return new CellQueue(cells, ({ id }) => id.replace(/\d/g, '').split(''), costOf);
}

function taken(taker: ReturnType<CellQueue['taker']>, times: number): (string | undefined)[] {
  return Array.from({ length: times }, () => taker.next()?.id);
}

test('who has hosts gets the cells of their key, the longest first, then another group', (t) => {
  const queue = queueOf('a1', 'b2', 'a3', 'b1', 'a2');
  t.deepEqual(taken(queue.taker(), 6), ['a3', 'a2', 'a1', 'b2', 'b1', undefined]);
});

test('two take two groups, and share what is left', (t) => {
  const queue = queueOf('a9', 'a8', 'a7', 'b2');
  const [one, other] = [queue.taker(), queue.taker()];
  t.deepEqual(taken(one, 1), ['a9']);
  // The group a has 15 ms to do for two, the group b 2 ms for one.
  t.deepEqual(taken(other, 1), ['a8']);
  t.deepEqual(taken(one, 1), ['a7']);
  t.deepEqual(taken(other, 2), ['b2', undefined]);
  t.deepEqual(taken(one, 1), [undefined]);
});

test('a group that one works on waits for another one', (t) => {
  const queue = queueOf('a9', 'a1', 'b2');
  t.deepEqual(
    [queue.taker(), queue.taker()].flatMap((taker) => taken(taker, 1)),
    ['a9', 'b2'],
  );
});

test('what is left can be taken at once', (t) => {
  const queue = queueOf('a1', 'b2', 'a3');
  const taker = queue.taker();
  taker.next();
  t.deepEqual(
    queue
      .empty()
      .map(({ id }) => id)
      .sort(),
    ['a1', 'b2'],
  );
  t.is(taker.next(), undefined);
});

test('who has all that a part needs stays with it, then goes to another part of the same key', (t) => {
  const queue = queueOf('ax1', 'ay5', 'ax3', 'bx7', 'ay1');
  const [one, other] = [queue.taker(), queue.taker()];
  t.deepEqual(taken(one, 1), ['ay5']);
  t.deepEqual(taken(other, 1), ['bx7']);
  t.deepEqual(taken(one, 2), ['ay1', 'ax3']);
  t.deepEqual(taken(other, 1), ['ax1']);
  t.deepEqual(taken(one, 1), [undefined]);
});

test('a large group is not finished first: small ones are begun in time to end with it', (t) => {
  const queue = queueOf(...Array<string>(8).fill('a3'), 'b4', 'c4', 'd4');
  const takers = [queue.taker(), queue.taker(), queue.taker()];
  // 36 ms for three: two of them have enough to do in the group a, the third in the others.
  t.deepEqual(
    takers.flatMap((taker) => taken(taker, 1)),
    ['a3', 'a3', 'b4'],
  );
});
