import { spawn } from 'node:child_process';
import { ROOT } from '../../runners/paths.ts';

export type Ended = {
  readonly pid: number;
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
};

type Options = {
  readonly cwd?: string;
  /** Beside what this process has; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What it reads from standard input; without, nothing. */
  readonly input?: string;
};

/** What these tests may inherit, from `make test` say, and what would change what commands print. */
const NEUTRAL = {
  NO_COLOR: '1',
  FORCE_COLOR: undefined,
  MAKEFLAGS: undefined,
  MFLAGS: undefined,
  MAKELEVEL: undefined,
};

/** Runs a command to its end. */
export async function run(
  command: string,
  words: readonly string[],
  { cwd = ROOT, env = {}, input }: Options = {},
): Promise<Ended> {
  const child = spawn(command, words, {
    cwd,
    env: { ...process.env, ...NEUTRAL, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It need not read all.
  child.stdin.on('error', () => {}).end(input);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { pid: child.pid ?? 0, status, out, err };
}

/** Runs the project's command line, of this folder or of a copy. */
export function cli(words: readonly string[], options: Options = {}): Promise<Ended> {
  return run(process.execPath, ['--import', 'tsx', 'runners/cli.ts', ...words], options);
}
