import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { hasEnded, newToken, tokenIn, unfinished } from '../../../runners/workshop/files/token.ts';

test('the name of what a process is making tells whether the process has ended', async (t) => {
  const token = await newToken();
  t.is(tokenIn(unfinished('ask.py', token)), token);
  t.false(await hasEnded(token));
  t.not(await newToken(), token);

  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const [machine] = token.split('-');
  child.stdin.end();
  await once(child, 'exit');
  t.true(await hasEnded(`${machine}-${child.pid}-1-00000000`));
  // Another process has the number now.
  t.true(await hasEnded(`${machine}-${process.pid}-1-00000000`));
});

test('of a process of another machine nothing is known', async (t) => {
  t.is(await hasEnded('0123456789abcdef-1-1-00000000'), undefined);
});

for (const name of ['ask.py.new', 'ask.py.123.new', 'ask.py.a-1-1-0.new', 'ask.py']) {
  test(`${name} is a name of the participant's`, (t) => t.is(tokenIn(name), undefined));
}
