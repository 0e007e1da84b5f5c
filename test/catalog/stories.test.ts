import test from 'ava';
import type { Lab } from '../../runners/catalog/lab.ts';
import { storiesOf } from '../../runners/catalog/stories.ts';
import { UserError } from '../../runners/user-error.ts';
import { CRASH_DEFINITION, CRASH_EXPECTED } from '../_observation.ts';

const ways = { other: CRASH_EXPECTED };
const fault = async () => {};
const lab: Lab = { ...CRASH_DEFINITION, fault, ways };
const { causes: _, ...story } = lab;

const stories = (more: Partial<Lab>) => storiesOf({ ...lab, ...more }, 'lab.ts');

test('a lab without variants is one story', (t) => {
  t.deepEqual(stories({}), [{ variant: null, cure: null, where: '', story }]);
});

test('variants replace the lab as a story of its own, and each says the rest of it', (t) => {
  const variants = { one: { why: 'first' }, two: { client: { program: 'ask-twice' } } } as const;
  t.deepEqual(stories({ variants }), [
    { variant: 'one', cure: null, where: 'variants.one: ', story: { ...story, why: 'first' } },
    { variant: 'two', cure: null, where: 'variants.two: ', story: { ...story, ...variants.two } },
  ]);
});

test('a cure has all of its lab that it does not say, the fault too, but no other ways', (t) => {
  const { ways: _, ...common } = story;
  const [plain, cured] = stories({ cures: { better: { why: 'cured' } } });
  t.is(plain?.cure, null);
  t.deepEqual(cured, {
    ...{ variant: null, cure: 'better', where: 'cures.better: ' },
    story: { ...common, why: 'cured' },
  });
  t.is(cured?.story.fault, fault);
});

test('a cure may have other ways of its own', (t) => {
  const own = { 'its own': CRASH_EXPECTED };
  t.deepEqual(stories({ cures: { better: { ways: own } } })[1]?.story.ways, own);
});

test('a cure of a variant has all of that variant that it does not say', (t) => {
  const variants = { one: { why: 'first' }, two: { why: 'second', title: 'Two', ways } };
  const cures = { better: { of: 'two', title: 'Cured' } };
  const cured = stories({ variants, cures })[2];
  t.like(cured, { variant: 'two', cure: 'better', where: 'cures.better: ' });
  t.like(cured?.story, { why: 'second', title: 'Cured', topology: 'direct' });
  t.false(Object.hasOwn(cured?.story ?? {}, 'ways'));
  t.false(Object.hasOwn(cured?.story ?? {}, 'of'));
});

test('a cure of no variant has what the variants have in common', (t) => {
  const variants = { one: { why: 'first' } };
  const cured = stories({ variants, cures: { better: {} } })[1];
  t.is(cured?.variant, null);
  t.is(cured?.story.why, lab.why);
});

test('a cure of a variant that is not there is refused', (t) => {
  t.throws(() => stories({ variants: { one: {} }, cures: { better: { of: 'none' } } }), {
    instanceOf: UserError,
    message:
      'lab.ts: `cures.better.of` is "none": write a variant of the lab: one. See CONTRIBUTING.md, "add a lab".',
  });
});
