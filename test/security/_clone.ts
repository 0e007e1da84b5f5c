import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { inProject } from '../../runners/paths.ts';

/** What the command line loads, and nothing that only its makers need. */
const PACKAGES = ['tsx', 'esbuild', '@esbuild', 'commander', 'valibot', 'picocolors'];

/** A clone of the project as it is, in a new folder below another. */
export async function cloneIn(t: ExecutionContext, folder: string): Promise<string> {
  const clone = await mkdtemp(join(folder, 'reset-labs-clone-'));
  t.teardown(() => rm(clone, { recursive: true, force: true }));
  await Promise.all([
    ...['runners', 'labs', 'package.json', 'tsconfig.json'].map((name) =>
      cp(inProject(name), join(clone, name), { recursive: true }),
    ),
    ...PACKAGES.map((name) =>
      cp(inProject(`node_modules/${name}`), join(clone, 'node_modules', name), { recursive: true }),
    ),
    ...['.cache', 'results'].map((name) => mkdir(join(clone, name))),
  ]);
  return clone;
}
