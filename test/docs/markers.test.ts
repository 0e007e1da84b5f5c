import test from 'ava';
import { withParts } from '../../runners/docs/markers.ts';
import { UserError } from '../../runners/user-error.ts';

const PARTS = { one: ['1'], two: ['2'] };
const page = (...lines: readonly string[]) => `${lines.join('\n')}\n`;
const ONE = ['<!-- generated: one -->', 'old', '<!-- end -->'];
const TWO = ['<!-- generated: two -->', '<!-- end -->'];

test('what is between markers is replaced, all else is kept', (t) => {
  const text = withParts('a.md', page('# A', ...ONE, 'kept', ...TWO, 'kept, too'), PARTS);
  t.is(
    text,
    page(
      ...['# A', '<!-- generated: one -->', '', '1', '', '<!-- end -->', 'kept'],
      ...['<!-- generated: two -->', '', '2', '', '<!-- end -->', 'kept, too'],
    ),
  );
  t.is(withParts('a.md', text, PARTS), text);
});

for (const [what, lines, error] of [
  ['missing', ONE, /^a\.md: the marker `<!-- generated: two -->` is missing: write it/],
  [
    'there twice',
    [...ONE, ...TWO, ...ONE],
    /^a\.md: the marker `<!-- generated: one -->` is there twice/,
  ],
  [
    'unknown',
    [...ONE, ...TWO, '<!-- generated: three -->', '<!-- end -->'],
    /^a\.md: the marker `<!-- generated: three -->` is unknown: take it away, or write one of one, two/,
  ],
  [
    'not ended',
    [...ONE, TWO[0] ?? ''],
    /^a\.md: the marker `<!-- generated: two -->` is not ended/,
  ],
  ['not ended before the next', [ONE[0] ?? '', ...TWO], /`<!-- generated: one -->` is not ended/],
  ['without a beginning', [...ONE, ...TWO, '<!-- end -->'], /^a\.md: `<!-- end -->` ends nothing/],
  [
    'named like a property of all objects',
    ['<!-- generated: toString -->'],
    /toString.* is unknown/,
  ],
] as const) {
  test(`a marker is ${what}`, (t) => {
    const thrown = t.throws(() => withParts('a.md', page(...lines), PARTS), {
      instanceOf: UserError,
    });
    t.regex(thrown?.message ?? '', error);
  });
}
