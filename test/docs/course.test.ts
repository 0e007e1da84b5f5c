import test from 'ava';
import { differenceShown } from '../../runners/docs/course.ts';
import { LINK } from '../_observation.ts';
import { PASS } from '../reports/_results.ts';

test('a difference stands in a page with a link to its cause', (t) => {
  const difference = { client: 'python', server: null, link: LINK, byChance: false, needed: true };
  const cell = { ...PASS, because: 'it reads unasked', difference };
  t.is(differenceShown(cell), `- python: It reads unasked. ([source](${LINK}))`);
  t.is(differenceShown(PASS), undefined);
});
