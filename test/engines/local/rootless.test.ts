import { execFile } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { TOPOLOGY_NAMES } from '../../../runners/catalog/topology.ts';
import { inProject } from '../../../runners/paths.ts';

const run = promisify(execFile);
const NOBODY = 65_534;
const PACKAGES = ['tsx', 'esbuild', '@esbuild', 'valibot'];

const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? test : test.skip;

asRoot('without root all topologies are made, administered and rebooted', async (t) => {
  // A clone of that user's own: what root's clone is open to depends on where it lies.
  const clone = await mkdtemp(join(tmpdir(), 'reset-labs-nobody-'));
  t.teardown(() => rm(clone, { recursive: true, force: true }));
  const packages = PACKAGES.map((name) => `node_modules/${name}`);
  const copied = ['runners', 'test/engines/local', 'package.json', 'tsconfig.json', ...packages];
  await Promise.all(
    copied.map((name) => cp(inProject(name), join(clone, name), { recursive: true })),
  );
  await mkdir(join(clone, '.cache'));
  for (const name of ['', '.cache']) await chown(join(clone, name), NOBODY, NOBODY);

  const user = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
  const command = ['node', '--import', 'tsx', 'test/engines/local/_rootless.ts'];
  const { stdout } = await run('setpriv', [...user, ...command], {
    cwd: clone,
    env: { PATH: `${join(process.execPath, '..')}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: clone },
  });
  const done = JSON.parse(stdout) as Record<string, string>;
  t.is(done['memory-limit'], 'a memory limit needs root: run as root, or use --engine docker');
  t.regex(done.limited ?? '', /a memory limit needs a cgroup, but /);
  for (const kind of TOPOLOGY_NAMES) {
    for (const ip of [4, 6]) t.is(done[`${kind} ${ip}`], 'made');
  }
  t.deepEqual(await readdir(join(clone, '.cache', 'scratch')), []);
});
