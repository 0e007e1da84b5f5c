import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { deed } from '../../runners/cell/deed.ts';
import { Agent } from '../../runners/engines/agent/agent.ts';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';

const host = { agent: { now: async () => 42 } };

test('a deed is told with the time at which it began, and with what it met', async (t) => {
  const asked: string[] = [];
  const agent = {
    now: async () => {
      asked.push('the time');
      return 42;
    },
  };
  const told = await deed('SIGKILL to the server', { agent }, async () => {
    asked.push('the deed');
    return 2;
  });
  t.deepEqual(told, { what: 'SIGKILL to the server', timeUs: 42, touched: 2 });
  t.deepEqual(asked, ['the time', 'the deed']);
});

test('a deed that fails is none', async (t) => {
  const fails = () => Promise.reject(new Error('no such process'));
  await t.throwsAsync(deed('SIGKILL', host, fails), { message: 'no such process' });
});

test("the time is that of the host's clock", async (t) => {
  // Without its special meaning, the variable is one like any other: a clock that stands still in 2001.
  const folder = folderWith(t, { clock: 'unset EPOCHREALTIME; EPOCHREALTIME=1000000000.000042' });
  mkdirSync(join(folder, 'scratch'));
  const script = inProject('runners/engines/agent/agent.sh');
  const child = spawn('bash', [script, join(folder, 'scratch')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, BASH_ENV: join(folder, 'clock') },
  });
  t.teardown(() => child.stdin.end());
  const agent = new Agent('server', { input: child.stdin, output: child.stdout });
  await agent.ready;
  t.like(await deed('SIGKILL', { agent }, async () => 1), { timeUs: 1_000_000_000_000_042 });
});
