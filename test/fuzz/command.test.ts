import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { inProject } from '../../runners/paths.ts';

function fuzzing(t: ExecutionContext, ...args: readonly string[]) {
  const words = ['--import', 'tsx', inProject('runners/cli.ts'), 'fuzz', ...args];
  const child = spawn(process.execPath, words, { cwd: inProject('.'), stdio: 'pipe' });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

test('a target that is not there is refused, and those that are are named', async (t) => {
  const child = fuzzing(t, '--target', 'capture,nothing');
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  t.is(status, 2);
  t.regex(said, /There is no target "nothing"\. Take of: capture, frame, steps, /);
});

test('an interruption ends it with what was read until then', async (t) => {
  t.timeout(60_000);
  const child = fuzzing(t, '--minutes', '5', '--seed', '8', '--target', 'frame,steps');
  const begun = once(child.stdout, 'data');
  const said = text(child.stdout);
  const ended = once(child, 'close');
  t.is(String((await begun)[0]), 'seed 8, 5 min\n');
  child.kill('SIGINT');
  t.deepEqual((await ended)[0], 130);
  t.regex(await said, /frame +\d+ inputs, \d+ kinds of outcome\n.*\n\d+ inputs, 0 findings\n$/);
});
