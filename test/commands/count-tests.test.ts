import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { run } from './_run.ts';

async function count(t: ExecutionContext, ...lines: string[]): Promise<string> {
  const folder = folderWith(t, { log: lines.map((line) => `${line}\n`).join('') });
  const { status, out } = await run('bash', [
    inProject('scripts/count-tests.sh'),
    join(folder, 'log'),
  ]);
  t.is(status, 0);
  return out.trim();
}

test('all passed', async (t) => {
  t.is(await count(t, '', '  ✔ a', '  ✔ b', '  ─', '', '  2 tests passed'), '2 0 0');
  t.is(await count(t, '  ✔ a', '  ─', '', '  1 test passed'), '1 0 0');
});

test('beside failures AVA does not say how many passed: the ticks do', async (t) => {
  const lines = [
    '  ✔ a › b',
    '  ✔ a › c',
    '    ℹ 40 tests passed',
    '  ✘ [fail]: a › d',
    '  ─',
    '',
    '  a › d',
    '  ✔ is a value of the difference',
    '  ─',
    '',
    '  1 test failed',
  ];
  t.is(await count(t, ...lines), '2 1 0');
});

test('whatever is no pass counts', async (t) => {
  const closing = [
    '  2 hooks failed',
    '  3 tests failed',
    '  1 unhandled rejection',
    '  2 uncaught exceptions',
    '  4 tests remained pending after a timeout',
    '  5 tests skipped',
    '  1 test todo',
    '  2 known failures',
  ];
  t.is(await count(t, '  ✔ a', '  ✔ [expected fail] b', '  ─', '', ...closing), '1 12 8');
});

test('colours and carriage returns do not matter', async (t) => {
  const lines = ['  \u001b[90m─\u001b[39m\r', '\r', '  \u001b[32m7 tests passed\u001b[39m\r'];
  t.is(await count(t, ...lines), '7 0 0');
});

test('without closing lines only what was seen to pass counts', async (t) => {
  t.is(await count(t, '  ✔ a', 'Killed'), '1 0 0');
  t.is(await count(t, 'lint: 3 tests passed the linter'), '0 0 0');
  t.is(await count(t), '0 0 0');
});
