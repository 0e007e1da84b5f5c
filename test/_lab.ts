import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ExecutionContext } from 'ava';
import { partialResults, processesWith, traceInstances } from '../runners/chaos/leftovers.ts';
import { inProject } from '../runners/paths.ts';
import type { CellResult, RunResult } from '../runners/results/result.ts';
import { folderWith } from './_folder.ts';

/** What the command line did. */
export type Ran = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The folder of results that it was given; it need not be there. */
  readonly results: string;
  readonly name: string;
};

export type Surroundings = {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly results?: string;
};

/**
 * Runs `npm run lab -- …` without npm, as a child of its own, and checks that nothing is left behind: no
 * process, no half of a result, no trace instance.
 */
export async function lab(
  t: ExecutionContext,
  args: readonly string[],
  { env = {}, results = join(folderWith(t), 'results') }: Surroundings = {},
): Promise<Ran> {
  const mark = randomBytes(8).toString('hex');
  const named = args.indexOf('--name');
  const name = (named < 0 ? undefined : args[named + 1]) || `test-${mark}`;
  const { NO_COLOR: _, FORCE_COLOR: __, AVA_PATH: ___, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    [
      ...['--import', import.meta.resolve('tsx'), inProject('runners/cli.ts'), 'lab'],
      ...['--results', results, '--name', name, ...args],
    ],
    {
      cwd: inProject('.'),
      env: { ...inherited, COLUMNS: '80', ...env, RESET_LABS_TEST: mark },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  t.teardown(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [status, stdout, stderr] = await Promise.all([
    ended,
    text(child.stdout),
    text(child.stderr),
  ]);
  t.deepEqual(processesWith(mark), [], 'processes are left');
  t.deepEqual(traceInstances(name), [], 'a trace instance is left');
  t.deepEqual(partialResults(results), [], 'half of a result is left');
  return { status, stdout, stderr, results, name };
}

/** The same with `--json`; the one object on standard output is held against its schema. */
export async function labJson(
  t: ExecutionContext,
  args: readonly string[],
  surroundings?: Surroundings,
): Promise<Ran & { readonly run: RunResult }> {
  const ran = await lab(t, [...args, '--json'], surroundings);
  t.regex(ran.stdout, /^\{.*\}\n$/, `no object on standard output; it said: ${ran.stderr}`);
  const run: unknown = JSON.parse(ran.stdout);
  t.deepEqual(problemsOf(run), []);
  return { ...ran, run: run as RunResult };
}

const ajv = new Ajv.default({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
});
addFormats.default(ajv);
const validate = ajv.compile(
  JSON.parse(readFileSync(inProject('runners/results/run.schema.json'), 'utf8')),
);

/** Where a run does not follow run.schema.json. */
export function problemsOf(run: unknown): string[] {
  if (validate(run)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A line for each cell that a failing test should show. */
export function told(cells: readonly CellResult[]): string[] {
  return cells.map(({ lab, variant, cure, client, server, engine, verdict, reason }) =>
    [
      ...[lab, variant, cure].filter((name) => name !== null),
      ...[client.language, server.language, engine, `${verdict}: ${reason}`],
    ].join(' · '),
  );
}

/** A PATH with everything that is on this one but some commands. */
export function pathWithout(t: ExecutionContext, ...commands: readonly string[]): string {
  const folder = folderWith(t);
  for (const from of (process.env.PATH ?? '').split(delimiter)) {
    if (from === '' || !existsSync(from)) continue;
    // A link there leads programs of hosts, which are not root, to where only root may go.
    if (from.startsWith(homedir()) && process.getuid?.() === 0) continue;
    for (const command of readdirSync(from)) {
      const link = join(folder, command);
      if (!commands.includes(command) && !existsSync(link)) {
        try {
          symlinkSync(join(from, command), link);
        } catch {
          // A link that leads nowhere is there already.
        }
      }
    }
  }
  return folder;
}
