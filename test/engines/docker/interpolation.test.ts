// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import test from 'ava';
import { interpolate, interpolateAll } from '../../../runners/engines/docker/interpolation.ts';

const variables = { NAME: 'value', EMPTY: '' };

const cases: [text: string, expected: string][] = [
  ['no variable', 'no variable'],
  ['$NAME', 'value'],
  ['${NAME}', 'value'],
  ['a-$NAME-${NAME}b', 'a-value-valueb'],
  ['${NAME:-other}', 'value'],
  ['${MISSING:-other}', 'other'],
  ['${MISSING-other}', 'other'],
  ['${MISSING:-}', ''],
  ['${EMPTY:-other}', 'other'],
  ['${EMPTY-other}', ''],
  ['${NAME:?needed}', 'value'],
  ['${MISSING:-reset-labs/python:latest}', 'reset-labs/python:latest'],
  ['$$NAME $${NAME}', '$NAME ${NAME}'],
];

for (const [text, expected] of cases) {
  test(`${text} becomes "${expected}"`, (t) => {
    t.is(interpolate(text, variables), expected);
  });
}

test('a variable that is not set is an error which names it and the mend', (t) => {
  t.throws(() => interpolate('${MISSING}', {}), {
    message: /MISSING is not set.*\$\{MISSING:-…\}/,
  });
  t.throws(() => interpolate('${MISSING:?say which}', {}), { message: /\(say which\)/ });
  t.throws(() => interpolate('${EMPTY:?say which}', variables), { message: /EMPTY/ });
});

test('a $ that is not understood is an error', (t) => {
  for (const text of ['5 $', '${NAME', '${NAME:+x}', '${NAME:-${OTHER}}', '${1}']) {
    t.throws(() => interpolate(text, variables), { message: /write \$\$/ }, text);
  }
});

test('all texts of a tree are interpolated, keys and other values are not', (t) => {
  const tree = { $NAME: ['$NAME', { deep: '${NAME}' }], number: 1, none: null, yes: true };
  t.deepEqual(interpolateAll(tree, variables), {
    $NAME: ['value', { deep: 'value' }],
    number: 1,
    none: null,
    yes: true,
  });
});
