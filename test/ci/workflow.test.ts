import { accessSync, constants, readdirSync } from 'node:fs';
import test from 'ava';
import { ENGINE_NAMES } from '../../runners/engines/engine.ts';
import { inProject } from '../../runners/paths.ts';
import { documents, npmRuns, PROGRAM, read, wrongIn } from './_workflow.ts';

type Step = {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
};

type Job = {
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly needs?: string;
  readonly if?: string;
  readonly strategy?: {
    readonly 'fail-fast': boolean;
    readonly matrix: Readonly<Record<string, unknown>>;
  };
  readonly with?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
};

type Workflow = {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};

const FOLDER = '.github/workflows';
const workflows = readdirSync(inProject(FOLDER)).map((name) => {
  const all = documents(`${FOLDER}/${name}`);
  return { name, count: all.length, workflow: all[0] as Workflow };
});
const [called, caller] = ['verify-shards.yml', 'verify.yml'].map(
  (name) => workflows.find((one) => one.name === name)?.workflow as Workflow,
) as [Workflow, Workflow];
const steps = workflows.flatMap(({ workflow }) =>
  Object.values(workflow.jobs).flatMap((job) => job.steps ?? []),
);
const scripts = readdirSync(inProject('scripts/ci')).map((name) => `scripts/ci/${name}`);

test('each workflow is one document, may only read, and its jobs end', (t) => {
  t.is(workflows.length, 4);
  for (const { name, count, workflow } of workflows) {
    t.is(count, 1, name);
    t.deepEqual(workflow.permissions, { contents: 'read' }, name);
    for (const [job, { uses, ...rest }] of Object.entries(workflow.jobs)) {
      if (uses === undefined) t.true((rest['timeout-minutes'] ?? 0) > 0, `${name}: ${job}`);
    }
  }
});

test('commands and their options are those of the command line', (t) => {
  const found = [...steps.map(({ run = '' }) => run), ...scripts.map(read)].flatMap(npmRuns);
  const names = found.map(([name]) => name).sort();
  t.deepEqual(names, [
    ...['chaos', 'conformance', 'content', 'doctor', 'images', 'images', 'merge'],
    ...['verify', 'verify'],
  ]);
  for (const words of found) t.deepEqual(wrongIn(words), [], words.join(' '));
});

test('the check of commands finds what is wrong', (t) => {
  const shell = `sudo env "PATH=$PATH" npm run verify -- --engine dokcer --shrad "$SHARD" \\
    --results --json && npm run merge -- --results r; npm run nothing
    npm run --silent doctor -- machine >file`;
  const found = npmRuns(shell);
  t.deepEqual(found.map(wrongIn), [
    [
      '--engine cannot be dokcer',
      'verify has no option --shrad',
      '--results has no value',
      'verify takes no names: $SHARD',
    ],
    ['merge takes names'],
    ['there is no command "nothing"'],
    ['doctor takes no names: machine'],
  ]);
});

test('scripts that are called are there, and can be run', (t) => {
  const called = steps.flatMap(({ run = '' }) => run.match(/scripts\/[\w./-]+/g) ?? []);
  t.deepEqual([...new Set(called)].sort(), [...scripts, 'scripts/setup.sh'].sort());
  for (const script of called) t.notThrows(() => accessSync(inProject(script), constants.X_OK));
});

test('what the workflow is called with, it takes; and the values are known', (t) => {
  const { inputs } = called.on.workflow_call as { inputs: Record<string, { required: boolean }> };
  const verify = PROGRAM.commands.find((command) => command.name() === 'verify');
  const choices = (option: string) =>
    verify?.options.find(({ long }) => long === option)?.argChoices ?? [];
  const calls = Object.values(caller.jobs);
  t.is(calls.length, 2);
  for (const { uses, with: given = {} } of calls) {
    t.is(uses, './.github/workflows/verify-shards.yml');
    t.deepEqual(Object.keys(given).sort(), Object.keys(inputs).sort());
    t.true(choices('--engine').includes(given.engine ?? ''), given.engine);
    t.true(choices('--versions').includes(given.versions ?? ''), given.versions);
    const shards = JSON.parse(given.shards ?? '') as number[];
    t.true(shards.length > 1);
    t.deepEqual(
      shards,
      shards.map((_, place) => place + 1),
    );
  }
});

test('the number of shards is that of the matrix', (t) => {
  const shard = called.jobs.shard as Job;
  t.deepEqual(shard.strategy, {
    'fail-fast': false,
    matrix: { shard: `\${{ fromJSON(inputs.shards) }}` },
  });
  const run = shard.steps?.find((step) => step.run?.includes('npm run verify'));
  t.is(run?.env?.SHARD, `\${{ matrix.shard }}/\${{ strategy.job-total }}`);
  t.regex(run?.run ?? '', / --shard "\$SHARD" /);
});

test('exercises are tried in each engine', (t) => {
  const job = workflows.find(({ name }) => name === 'content.yml')?.workflow.jobs.content;
  t.deepEqual(job?.strategy, { 'fail-fast': false, matrix: { engine: [...ENGINE_NAMES] } });
  const step = job?.steps?.at(-1);
  t.regex(step?.run ?? '', / npm run content -- --engine "\$ENGINE"$/);
  t.is(step?.env?.ENGINE, `\${{ matrix.engine }}`);
});

test('what a shard has found is kept and merged, even where it failed', (t) => {
  const { shard, merge } = called.jobs as Record<'shard' | 'merge', Job>;
  t.is(merge.needs, 'shard');
  t.is(merge.if, 'always()');
  for (const job of [shard, merge]) {
    const upload = job.steps?.at(-1);
    t.regex(upload?.uses ?? '', /^actions\/upload-artifact@/);
    t.is(upload?.if, 'always()');
    t.is(upload?.with?.['if-no-files-found'], 'error');
  }
  const name = String(shard.steps?.at(-1)?.with?.name);
  const download = merge.steps?.find(({ uses }) => uses?.startsWith('actions/download-artifact@'));
  t.is(download?.with?.pattern, name.replace(/\$\{\{ matrix\.shard \}\}/, '*'));
});

test('texts of others reach the shell as variables only', (t) => {
  for (const { run = '' } of steps) t.notRegex(run, /\$\{\{/, run);
});

test('actions are named with a version, and a checkout keeps no credentials', (t) => {
  for (const { uses, with: given } of steps) {
    if (uses === undefined) continue;
    t.regex(uses, /^actions\/[a-z/-]+@v\d+$/);
    if (uses.startsWith('actions/checkout@')) t.is(given?.['persist-credentials'], false);
  }
});
