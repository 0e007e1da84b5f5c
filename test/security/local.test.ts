// What a hostile program can do on a host of the local engine, as root and without root.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { hostsView } from '../../runners/engines/local/view.ts';
import { inProject } from '../../runners/paths.ts';
import { engineFor, specOf } from '../engines/local/_local.ts';
import {
  ALLOWED,
  type Attempts,
  attempts,
  failed,
  listening,
  REFUSED,
  succeeded,
  UNPRIVILEGED,
} from './_attempts.ts';
import { cloneIn } from './_clone.ts';
import { outside } from './_outside.ts';

const run = promisify(execFile);
const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? test.serial : test.skip;
const NOBODY = 65_534;

/** What is the same for root's programs and for everybody else's. */
function isConfined(
  t: ExecutionContext,
  found: Attempts,
  { uid, more, paths }: { uid: number; more: readonly string[]; paths: readonly string[] },
): void {
  const ids = Array.from({ length: 4 }, () => uid).join(' ');
  t.like(found, { ...UNPRIVILEGED, Uid: ids, Gid: ids, Groups: '' });
  t.deepEqual(succeeded(found, [...REFUSED, ...more]), [], 'what must be refused');
  t.deepEqual(failed(found, ALLOWED), [], 'what must be allowed');
  // Of the host alone: no tcpdump, nothing of the machine.
  t.regex(found.processes ?? '', /^done( bash| python3)+$/);
  t.is(found['the agent afterwards'], 'alive');
  t.is(found['the server afterwards'], 'alive');
  for (const path of paths) t.false(existsSync(path), path);
}

asRoot(
  'a program of root’s has no privilege and reaches nothing outside of its host',
  async (t) => {
    const { attempts: more, own, paths } = await outside(t);
    const engine = await engineFor(t);
    const topology = await engine.make(specOf({}));
    const neighbour = (await engine.make(specOf({}))).hosts.server;
    await listening(neighbour);
    const all = [...more, `reach ${neighbour.address}|5000`];
    const found = await attempts(topology, {
      folder: inProject('labs/programs/python'),
      writable: hostsView('/').writable,
      more: [...all, own],
    });
    isConfined(t, found, { uid: 10_001, more: all, paths });
    t.is(found['kill the agent'], 'EPERM');
  },
);

asRoot('a program of anybody else’s has no privilege, either', async (t) => {
  t.timeout(120_000);
  const { attempts: more, own, paths } = await outside(t);
  const clone = await cloneIn(t, tmpdir());
  await cp(inProject('test/security'), join(clone, 'test/security'), { recursive: true });
  for (const name of ['', '.cache', 'results', 'labs/programs/python']) {
    await chown(join(clone, name), NOBODY, NOBODY);
  }
  // Its own files, which it could write without a host: its home, say.
  const files = ['', '.cache', 'labs/programs/python'].map((name) => join(clone, name, 'attempt'));
  const all = [...more, ...files.map((path) => `write ${path}`)];
  const user = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];
  const script = ['node', '--import', 'tsx', 'test/security/_rootless.ts', ...all, own];
  const { stdout } = await run('setpriv', [...user, ...script], {
    cwd: clone,
    env: { PATH: `${join(process.execPath, '..')}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: clone },
  });
  const found = JSON.parse(stdout) as Attempts;
  isConfined(t, found, { uid: NOBODY, more: all, paths: [...paths, ...files] });
  // It may signal its own user's processes, but the first of a namespace does not die of it.
  t.is(found['kill the agent'], 'done');
  t.is(found['be root of a namespace'], 'EPERM');
});
