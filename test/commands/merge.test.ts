import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { assertNamespaces } from '../../runners/engines/local/permission.ts';
import type { CellResult, RunResult } from '../../runners/results/result.ts';
import { folderWith } from '../_folder.ts';
import { told } from '../_lab.ts';
import { typed } from '../_typed.ts';
import { cli } from './_run.ts';

const local = await assertNamespaces().then(
  () => test,
  () => test.skip,
);
const LABS = ['crash-server', 'hello', 'abort'];
const NO_SHARD = {
  RESET_LABS_SHARD: undefined,
  RESET_LABS_SHARDS: undefined,
  JOB_COMPLETION_INDEX: undefined,
  PARALLEL_SEQ: undefined,
};

type Env = Readonly<Record<string, string | undefined>>;

async function lab(
  t: ExecutionContext,
  results: string,
  { words = [], env = {} }: { words?: readonly string[]; env?: Env } = {},
): Promise<RunResult> {
  const options = ['--engine', 'local', '--results', results, '--json', ...words];
  const { out, err } = await cli(['lab', ...LABS, ...options], { env: { ...NO_SHARD, ...env } });
  t.not(out, '', err);
  return JSON.parse(out) as RunResult;
}

let shards: Promise<{ root: string; whole: RunResult }> | undefined;
const kept = folderWith({
  teardown: (end: () => void) => test.after.always(end),
} as ExecutionContext);

/** Two shards of three labs, each told of itself in another way, and a run that is no shard. */
function runs(t: ExecutionContext): Promise<{ root: string; whole: RunResult }> {
  shards ??= (async () => {
    await lab(t, join(kept, '1'), { words: ['--shard', '1/2'] });
    const env = { RESET_LABS_SHARDS: '2', JOB_COMPLETION_INDEX: '1' };
    await lab(t, join(kept, '2'), { env });
    return { root: kept, whole: await lab(t, join(kept, 'whole')) };
  })();
  return shards;
}

/** A copy of the two shards, for tests that change them. */
async function copy(t: ExecutionContext): Promise<string> {
  const { root } = await runs(t);
  const folder = folderWith(t);
  for (const name of ['1', '2']) cpSync(join(root, name), join(folder, name), { recursive: true });
  return folder;
}

/** The folder of the only run in a folder of results. */
function runIn(results: string): string {
  const [name = ''] = readdirSync(results).filter((one) => one !== 'latest');
  return join(results, name);
}

function edit(results: string, change: (result: Record<string, unknown>) => unknown): string {
  const file = join(runIn(results), 'run.json');
  const result = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(change(result)));
  return file;
}

function mergeInto(results: string, folders: readonly string[], ...words: readonly string[]) {
  return typed(['merge', ...folders, '--results', results, ...words]);
}

/** What must not depend on where a cell was run; the steps of one program at a time, since two overlap. */
function essence(cells: readonly CellResult[]) {
  return cells.map(({ lab, client, server, repeat, verdict, outcome, steps }) => ({
    ...{ lab, client, server, repeat, verdict, outcome },
    steps: (['client', 'server'] as const).map((role) =>
      steps
        .filter((one) => one.role === role)
        .map(({ step, outcome, error }) => ({ step, outcome, error })),
    ),
  }));
}

local('two shards, merged, are what one run would have been', async (t) => {
  const { root, whole } = await runs(t);
  const results = folderWith(t);
  const folders = ['1', '2'].map((name) => join(root, name));
  const reports = ['--junit', join(results, 'junit.xml'), '--summary', join(results, 'page.md')];
  const { status, out, err } = await mergeInto(results, folders, '--json', ...reports);
  t.is(status, 0, err);
  const merged = JSON.parse(out) as RunResult;
  t.deepEqual(told(merged.cells.filter(({ verdict }) => verdict !== 'pass')), []);
  t.deepEqual(essence(merged.cells), essence(whole.cells));
  t.is(merged.planned, whole.planned);
  t.deepEqual(
    merged.merged?.map(({ index }) => index),
    [1, 2],
  );
  t.is(basename(runIn(results)), merged.id);
  const folder = join(results, 'latest');
  t.deepEqual(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')), merged);
  for (const { pcap } of merged.cells) if (pcap !== null) t.true(existsSync(join(folder, pcap)));
  t.regex(readFileSync(join(results, 'junit.xml'), 'utf8'), /crash-server/);
  t.regex(readFileSync(join(results, 'page.md'), 'utf8'), /pass/);
});

local('each shard has run some of the cells, and no two the same', async (t) => {
  const { root, whole } = await runs(t);
  const counts = ['1', '2'].map((name) => {
    const text = readFileSync(join(runIn(join(root, name)), 'run.json'), 'utf8');
    return (JSON.parse(text) as RunResult).cells.length;
  });
  // How many depends on how long they take: labs/durations.json.
  t.is((counts[0] ?? 0) + (counts[1] ?? 0), whole.cells.length);
  t.true(counts.every((count) => count > 0));
});

local(
  'a folder of folders of runs, as CIs and volumes give them, and the runs themselves',
  async (t) => {
    const { root } = await runs(t);
    const [one, two] = ['1', '2'].map((name) => runIn(join(root, name))) as [string, string];
    const results = folderWith(t);
    t.is((await mergeInto(results, [one, two])).status, 0);
    const beside = folderWith(t);
    for (const run of [one, two]) cpSync(run, join(beside, basename(run)), { recursive: true });
    t.is((await mergeInto(results, [beside])).status, 0);
  },
);

local(
  'a shard that was killed: what it had obtained is told, and the whole is unknown',
  async (t) => {
    const folder = await copy(t);
    const run = runIn(join(folder, '2'));
    const result = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunResult;
    const { cells, verdict, durationMs, interrupted, neverMet, differences, ...frame } = result;
    // As it is while a run goes on, here of a process that has ended.
    rmSync(join(run, 'run.json'));
    writeFileSync(join(run, 'frame.json'), JSON.stringify(frame));
    const lines = cells.slice(0, 2).map((cell) => JSON.stringify(cell));
    writeFileSync(join(run, 'cells.jsonl'), `${lines.join('\n')}\n{"lab":"hel`);
    const { pid } = await cli(['lab']);
    renameSync(run, `${run}.${pid}.partial`);
    const results = folderWith(t);
    const ended = await mergeInto(results, [join(folder, '1'), join(folder, '2')], '--json');
    t.is(ended.status, 3, ended.err);
    const merged = JSON.parse(ended.out) as RunResult;
    t.is(merged.verdict, 'unknown');
    t.true(merged.interrupted);
    // All of the first, and two of the second.
    t.is(merged.cells.length, merged.planned - cells.length + 2);
    t.is(merged.planned, 9);
    const shown = await mergeInto(results, [join(folder, '1'), join(folder, '2')]);
    t.regex(shown.out, /\n {2}interrupted\n/);
  },
);

local('a shard that still goes on is waited for', async (t) => {
  const folder = await copy(t);
  mkdirSync(join(folder, '2', `going.${process.pid}.partial`));
  const { status, err } = await mergeInto(folderWith(t), [join(folder, '1'), join(folder, '2')]);
  t.is(status, 2);
  t.is(
    err,
    `The run in ${join(folder, '2', `going.${process.pid}.partial`)} has not ended: its process ${process.pid} is alive. Wait for its end; if it was killed on another machine, run that shard again.\n`,
  );
});

local('a cell that failed in one shard fails the whole', async (t) => {
  const folder = await copy(t);
  edit(join(folder, '2'), (result) => {
    const [first, ...rest] = result.cells as CellResult[];
    return { ...result, cells: [{ ...first, verdict: 'fail', reason: 'it is a test' }, ...rest] };
  });
  const { status, out } = await mergeInto(folderWith(t), [join(folder, '1'), join(folder, '2')]);
  t.is(status, 1);
  t.regex(out, /it is a test/);
});

local('what is refused leaves no result, and an earlier report as it was', async (t) => {
  const folder = await copy(t);
  const { root } = await runs(t);
  const results = folderWith(t, { 'junit.xml': 'earlier' });
  const junit = join(results, 'junit.xml');
  const [one, two, whole] = [join(folder, '1'), join(folder, '2'), join(root, 'whole')];
  const refusals: readonly (readonly [folders: readonly string[], said: RegExp])[] = [
    [[one], /^Shard 2\/2 is missing\. Run it \(--shard 2\/2\) and name its folder, too\.\n$/],
    [[one, two, one], /^Shard 1\/2 is there 2 times: .*\. Name one of them\.\n$/],
    [
      [one, whole],
      /^The run in .* is no shard: it was run without --shard\. Merge shards only\.\n$/,
    ],
    [[one, join(folder, 'none')], /none cannot be read: ENOENT.* Name folders of runs\.\n$/],
    [[one, folderWith(t)], /^There is no run\.json in .* or one folder below\. Name folders of/],
  ];
  for (const [folders, said] of refusals) {
    const { status, out, err } = await mergeInto(results, folders, '--junit', junit);
    t.is(status, 2, err);
    t.is(out, '');
    t.regex(err, said);
  }
  t.deepEqual(readdirSync(results), ['junit.xml']);
  t.is(readFileSync(junit, 'utf8'), 'earlier');
});

local('a result that somebody has edited is told by its file and what is wrong', async (t) => {
  const shard = (result: Record<string, unknown>) => result.shard as Record<string, unknown>;
  const cells = (result: Record<string, unknown>) => result.cells as CellResult[];
  const edits: Readonly<Record<string, (result: Record<string, unknown>) => unknown>> = {
    '`schema`: ': (result) => ({ ...result, schema: 2 }),
    '`cells`: ': ({ cells: _, ...rest }) => rest,
    '`cells.0.verdict`: ': (result) => ({
      ...result,
      cells: [{ ...cells(result)[0], verdict: 'fine' }, ...cells(result).slice(1)],
    }),
    '`shard`: it is no shard': (result) => ({ ...result, shard: { ...shard(result), index: 3 } }),
    '`startedAt`: ': (result) => ({ ...result, startedAt: 'today' }),
    '`.`: ': () => null,
  };
  for (const [problem, change] of Object.entries(edits)) {
    const folder = await copy(t);
    const file = edit(join(folder, '2'), change);
    const folders = [join(folder, '1'), join(folder, '2')];
    const { status, err } = await mergeInto(folderWith(t), folders);
    t.is(status, 2, err);
    t.true(err.startsWith(`${file} is no result of a run: ${problem}`), err);
    t.true(err.endsWith(' Run that shard again.\n'), err);
  }
  const folder = await copy(t);
  const file = join(runIn(join(folder, '2')), 'run.json');
  writeFileSync(file, '{"schema": 1,');
  const { status, err } = await mergeInto(folderWith(t), [join(folder, '1'), join(folder, '2')]);
  t.is(status, 2);
  t.true(err.startsWith(`${file} is no result of a run: `), err);
});

local('a cell that was put in the place of another is no longer the plan', async (t) => {
  const folder = await copy(t);
  edit(join(folder, '2'), (result) => {
    const [first, ...rest] = result.cells as CellResult[];
    return { ...result, cells: [{ ...first, repeat: 2 }, ...rest] };
  });
  const { status, err } = await mergeInto(folderWith(t), [join(folder, '1'), join(folder, '2')]);
  t.is(status, 2);
  t.is(
    err,
    "The shards' cells are not those that were planned. A result was edited: run the shards again.\n",
  );
});
