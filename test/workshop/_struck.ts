import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import { inProject, ROOT } from '../../runners/paths.ts';

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A program of ours in a process group of its own. */
export function start(
  t: ExecutionContext,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
  preload: readonly string[] = [],
) {
  const loads = ['tsx', ...preload].flatMap((module) => ['--import', module]);
  const child: Child = spawn(process.execPath, [...loads, ...words], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  t.teardown(() => killGroup(child));
  const said = { out: '', err: '' };
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.err += text;
  });
  const ended = once(child, 'close').then(([status, signal]) => ({
    by: (signal ?? status) as NodeJS.Signals | number,
    ...said,
  }));
  return { child, said, ended };
}

/** To be loaded before a program that is to be struck. */
export const STRIKE = inProject('test/workshop/_strike.ts');

type Blow = {
  readonly signal?: NodeJS.Signals | 'HOLD';
  readonly moment: number;
  /** Whose changes are the moments. */
  readonly folder: string;
  /** What is there while the process is held. */
  readonly held?: string;
};

/** What `_strike.ts` reads. */
export function strike({ signal = 'SIGKILL', moment, folder, held }: Blow): NodeJS.ProcessEnv {
  return { RESET_LABS_STRIKE: `${signal} ${moment} ${folder}`, RESET_LABS_HOLD: held };
}

/** A program that is struck. Where it ends before the moment comes, it ends as if nothing were. */
export function struck(
  t: ExecutionContext,
  words: readonly string[],
  {
    env,
    input = '',
    ...blow
  }: Blow & { readonly env?: NodeJS.ProcessEnv; readonly input?: string },
) {
  const { child, ended } = start(t, words, { ...env, ...strike(blow) }, [STRIKE]);
  child.stdin.end(input);
  return ended;
}

function killGroup({ pid }: Child): void {
  try {
    process.kill(-(pid as number), 'SIGKILL');
  } catch {
    // None of it is left.
  }
}
