import test from 'ava';
import type { NamedLab } from '../../runners/catalog/lab.ts';
import { leftOutByIp6, type Selection, selectStories } from '../../runners/catalog/select.ts';
import { UserError } from '../../runners/user-error.ts';
import { CRASH } from '../_observation.ts';

const hello: NamedLab = { ...CRASH, number: '01', name: 'hello', causes: ['control'] };
const restart: NamedLab = { ...CRASH, number: '08', name: 'restart', causes: ['crash', 'idle'] };
const nat: NamedLab = { ...CRASH, number: '11', name: 'nat', causes: ['firewall', 'idle'] };
const routed = { ...nat, topology: 'routed' } as const;
const LABS: readonly NamedLab[] = [
  hello,
  { ...restart, variant: 'listening' },
  { ...restart, variant: 'not-listening' },
  { ...restart, variant: 'listening', cure: 'retry' },
  { ...routed, variant: 'rejected' },
  { ...routed, variant: 'dropped' },
  { ...routed, variant: 'rejected', cure: 'keepalive' },
  { ...routed, cure: 'heartbeat' },
];

function selected(more: Partial<Selection> = {}, labs = LABS): string[] {
  return selectStories(labs, { cured: false, ip: 4, ...more }).map(({ name, variant, cure }) =>
    [name, variant, cure].filter((part) => part !== null).join(' '),
  );
}

test('without a wish all plain stories are selected, and no cure', (t) => {
  t.deepEqual(selected(), [
    'hello',
    'restart listening',
    'restart not-listening',
    'nat rejected',
    'nat dropped',
  ]);
});

test('cures are selected in place of the plain stories', (t) => {
  t.deepEqual(selected({ cured: true }), [
    'restart listening retry',
    'nat rejected keepalive',
    'nat heartbeat',
  ]);
});

test('one of a lab’s causes is enough, and one of those that a person named', (t) => {
  t.deepEqual(selected({ cause: ['crash'] }), ['restart listening', 'restart not-listening']);
  t.deepEqual(selected({ cause: ['firewall', 'control'] }), [
    'hello',
    'nat rejected',
    'nat dropped',
  ]);
  t.is(selected({ cause: ['idle'] }).length, 4);
  t.deepEqual(selected({ cause: ['crash'], cured: true }), ['restart listening retry']);
});

test('variants are selected by their names, each once and in the order of the labs', (t) => {
  t.deepEqual(selected({ variant: ['dropped', 'listening', 'dropped'] }), [
    'restart listening',
    'nat dropped',
  ]);
});

test('of cures the names of cures are meant', (t) => {
  t.deepEqual(selected({ cured: true, variant: ['keepalive'] }), ['nat rejected keepalive']);
});

test('two labs may have variants of one name', (t) => {
  const labs = [
    { ...hello, variant: 'one' },
    { ...restart, variant: 'one' },
  ];
  t.deepEqual(selected({ variant: ['one'] }, labs), ['hello one', 'restart one']);
});

test('with IPv6 the labs of topology direct are selected', (t) => {
  t.deepEqual(selected({ ip: 6 }), ['hello', 'restart listening', 'restart not-listening']);
});

for (const [what, more, labs, message] of [
  [
    'a cause that no lab has',
    { cause: ['protocol', 'closed'] },
    LABS,
    'No lab that you named has the cause protocol or closed. List the labs: npm run lab',
  ],
  [
    'a cause that no lab has, cured',
    { cause: ['protocol'], cured: true },
    LABS,
    'No lab that you named has the cause protocol. List the labs: npm run lab',
  ],
  [
    'cures where none is written',
    { cured: true },
    [hello, { ...restart, variant: 'a' }, { ...restart, variant: 'b' }],
    'No cure is written for hello, restart. List the labs and their cures: npm run lab',
  ],
  [
    'cures where none is written for a cause',
    { cured: true, cause: ['control'] },
    LABS,
    'No cure is written for hello. List the labs and their cures: npm run lab',
  ],
  [
    'IPv6 where no lab is direct',
    { ip: 6, cause: ['firewall'] },
    LABS,
    '--ip 6 is for labs of topology direct, and nat is none. Leave --ip 6 out.',
  ],
  [
    'a variant where there is none',
    { variant: ['one'] },
    [hello],
    'hello has no variants. Leave --variant out.',
  ],
  [
    'a mistyped variant',
    { variant: ['listening', 'droped'] },
    LABS,
    'There is no variant "droped" (--variant). Did you mean "dropped"?',
  ],
  [
    'a variant that is no variant at all',
    { variant: ['nonsense'] },
    [...LABS, { ...hello, variant: 'dropped' }],
    'There is no variant "nonsense" (--variant). There are: listening, not-listening, rejected, dropped.',
  ],
  [
    'a variant in place of a cure',
    { cured: true, variant: ['rejected'] },
    LABS,
    'There is no cure "rejected" (--variant). There are: retry, keepalive, heartbeat.',
  ],
  [
    'a variant that IPv6 does not have',
    { ip: 6, variant: ['dropped'] },
    LABS,
    'There is no variant "dropped" (--variant). There are: listening, not-listening.',
  ],
] as readonly (readonly [string, Partial<Selection>, readonly NamedLab[], string])[]) {
  test(`${what}: what to do is told`, (t) => {
    t.throws(() => selected(more, labs), { instanceOf: UserError, message });
  });
}

test('labs of which --ip 6 leaves stories out are named, each once', (t) => {
  const leftOut = (more: Partial<Selection>) =>
    leftOutByIp6(LABS, { cured: false, ip: 6, ...more });
  t.deepEqual(leftOut({}), ['nat']);
  t.deepEqual(leftOut({ cured: true }), ['nat']);
  t.deepEqual(leftOut({ ip: 4 }), []);
  t.deepEqual(leftOut({ cause: ['crash'] }), []);
  t.deepEqual(leftOut({ variant: ['listening'] }), [], 'a person left it out');
});
