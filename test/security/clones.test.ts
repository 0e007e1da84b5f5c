// Root's programs run as another user. Wherever a clone lies and whatever its modes are, they can be read.
import { execFile } from 'node:child_process';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import type { RunResult } from '../../runners/results/result.ts';
import { cloneIn } from './_clone.ts';

const run = promisify(execFile);
const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? test.serial : test.skip;

async function verdicts(clone: string): Promise<string[]> {
  const command = ['--import', 'tsx', 'runners/cli.ts', 'lab', 'forged-reset'];
  const options = ['--engine', 'local', '--client', 'java', '--server', 'node', '--json'];
  const { stdout } = await run(process.execPath, [...command, ...options], { cwd: clone }).catch(
    (error: { stdout: string }) => error,
  );
  const { cells } = JSON.parse(stdout) as RunResult;
  return cells.map(({ lab, client, verdict, reason }) =>
    verdict === 'pass' ? 'pass' : `${lab} ${client.language} ${verdict}: ${reason}`,
  );
}

for (const [where, parent] of [
  ['among the files that all may write', tmpdir()],
  ['outside of them', process.cwd()],
] as const) {
  asRoot(`the programs of a clone ${where} run, however strict its modes are`, async (t) => {
    t.timeout(240_000);
    // The one in the project's own folder is hidden by its name.
    const closed = join(parent, `.closed-${process.pid}`);
    await mkdir(closed, { mode: 0o700 });
    t.teardown(() => run('rm', ['-rf', closed]));
    const clone = await cloneIn(t, closed);
    t.deepEqual(new Set(await verdicts(clone)), new Set(['pass']), 'below a closed folder');

    await run('chmod', ['-R', 'go-rwx', clone]);
    t.deepEqual(new Set(await verdicts(clone)), new Set(['pass']), 'made under umask 077');
    t.is((await stat(join(clone, 'labs'))).mode & 0o777, 0o700, 'which is left as it was');

    await chmod(closed, 0o755);
    t.deepEqual(new Set(await verdicts(clone)), new Set(['pass']), 'itself closed');
  });
}
