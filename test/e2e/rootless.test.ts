import { execFile } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { inProject } from '../../runners/paths.ts';
import type { RunResult } from '../../runners/results/result.ts';

const run = promisify(execFile);
const NOBODY = 65_534;
/** What the command line loads, and nothing that only its makers need. */
const PACKAGES = ['tsx', 'esbuild', '@esbuild', 'commander', 'valibot', 'picocolors'];

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('without root, the local engine gives the same verdicts in a user namespace', async (t) => {
  t.timeout(120_000);
  // A clone of that user's own: what root's clone is open to depends on where it lies.
  const clone = await mkdtemp(join(tmpdir(), 'reset-labs-nobody-'));
  t.teardown(() => rm(clone, { recursive: true, force: true }));
  await Promise.all([
    ...['runners', 'labs', 'package.json', 'tsconfig.json'].map((name) =>
      cp(inProject(name), join(clone, name), { recursive: true }),
    ),
    ...PACKAGES.map((name) =>
      cp(inProject(`node_modules/${name}`), join(clone, 'node_modules', name), { recursive: true }),
    ),
    mkdir(join(clone, '.cache')),
    mkdir(join(clone, 'results')),
  ]);
  for (const name of ['', '.cache', 'results']) await chown(join(clone, name), NOBODY, NOBODY);

  const user = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
  const command = ['node', '--import', 'tsx', 'runners/cli.ts', 'lab', 'hello', 'crash-server'];
  const options = ['--engine', 'local', '--client', 'node', '--server', 'node', '--json'];
  const { stdout } = await run('setpriv', [...user, ...command, ...options], {
    cwd: clone,
    env: { PATH: `${join(process.execPath, '..')}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: clone },
  });
  const { cells } = JSON.parse(stdout) as RunResult;
  t.deepEqual(
    cells.map(({ lab, verdict, evidence, kernel }) => ({
      lab,
      verdict,
      evidence,
      kernel: kernel.resetReasons,
    })),
    ['hello', 'crash-server'].map((lab) => ({
      lab,
      verdict: 'pass',
      evidence: { program: 'agrees', packets: 'agrees', kernel: 'agrees' },
      // Only root may read the kernel's trace; the counters have agreed.
      kernel: null,
    })),
  );
  t.deepEqual(await readdir(join(clone, '.cache', 'scratch')), []);
});
