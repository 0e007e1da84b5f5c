import test from 'ava';
import { type Statement, unproved } from '../../runners/docs/statement.ts';
import { FAIL, PASS } from '../reports/_results.ts';

const statement = (proof: Partial<Statement['proofs'][number]>): Statement => ({
  said: 'The server is up',
  verdict: 'false',
  because: 'it was killed',
  proofs: [{ lab: 'crash-server', sees: 'a RST', shows: () => true, ...proof }],
});

test('a statement that is proved', (t) => {
  t.deepEqual(unproved([statement({}), statement({ client: 'python' })], [PASS]), []);
});

for (const [what, proof] of [
  ['of a lab that is not there', { lab: 'crash' }],
  ['of a variant that is not there', { variant: 'unread' }],
  ['of a cure that is not there', { cured: 'retry' }],
  ['with a client that was not run', { client: 'java' }],
  ['with a server that was not run', { server: 'java' }],
] as const) {
  test(`a proof ${what}`, (t) => {
    const [wrong, ...others] = unproved([statement(proof)], [PASS]);
    t.regex(wrong ?? '', /^"The server is up": there is no cell .*\(a RST\)$/);
    t.deepEqual(others, []);
  });
}

test('a proof that does not show what it is to show', (t) => {
  t.deepEqual(unproved([statement({ shows: () => false })], [PASS]), [
    '"The server is up": 04 crash-server with the python client does not show: a RST',
  ]);
});

test('a cell that failed proves nothing', (t) => {
  t.is(unproved([statement({})], [FAIL]).length, 1);
});

test('a statement without any proof', (t) => {
  t.deepEqual(unproved([{ ...statement({}), proofs: [] }], [PASS]), [
    '"The server is up": it has no proof',
  ]);
});
