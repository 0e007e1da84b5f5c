import test from 'ava';
import { nearest, suggestion } from '../../runners/catalog/nearest.ts';

const LABS = ['hello', 'refused', 'abort', 'crash-server', 'crash-idle', 'closed-socket'];

for (const [typed, meant] of [
  ['crash-sever', 'crash-server'],
  ['crahs-server', 'crash-server'],
  ['CRASH-SERVER', 'crash-server'],
  ['crash-ide', 'crash-idle'],
  ['helo', 'hello'],
  ['refuse', 'refused'],
  ['abotr', 'abort'],
  ['closed_socket', 'closed-socket'],
] as const) {
  test(`“${typed}” is likely to mean “${meant}”`, (t) => {
    t.is(nearest(typed, LABS), meant);
    t.is(suggestion(typed, LABS), `Did you mean "${meant}"?`);
  });
}

for (const typed of ['', 'nonsense', 'x', 'firewall-reset']) {
  test(`“${typed}” is near to nothing, so all that there is is listed`, (t) => {
    t.is(nearest(typed, LABS), undefined);
    t.is(
      suggestion(typed, LABS),
      'There are: hello, refused, abort, crash-server, crash-idle, closed-socket.',
    );
  });
}

test('of two names that are equally near the first is taken', (t) => {
  t.is(nearest('lab-x', ['lab-a', 'lab-b']), 'lab-a');
});

test('nothing is near where there is nothing', (t) => {
  t.is(nearest('hello', []), undefined);
});
