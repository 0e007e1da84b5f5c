// `npm run check` and `npm run workshop`, ended at many moments: by SIGKILL, by the terminal's end, by Ctrl-C.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Leftovers } from '../../runners/chaos/leftovers.ts';
import { descendants, isAgent } from '../../runners/chaos/processes.ts';
import { until } from '../../runners/deadline.ts';
import { EXIT } from '../../runners/user-error.ts';
import { solutionText, starterText } from '../../runners/workshop/lessons/material.ts';
import { Progress } from '../../runners/workshop/own/progress.ts';
import { folderWith } from '../_folder.ts';
import { LANGUAGES } from '../_observation.ts';
import { taskOf } from '../workshop/_lessons.ts';
import { STRIKE, start, strike } from '../workshop/_struck.ts';
import { engines } from './_engines.ts';

const CLI = 'runners/cli.ts';
const CHECK = [CLI, 'check', '04', '--engine', 'local'];
const LAB = '04-crash-server';
const { python } = LANGUAGES;
const STARTER = await starterText(taskOf(), python);
const SOLUTION = await solutionText(taskOf(), python);
const FRESH = '';
const CHOSEN = 'version: 1\nlanguage: python\n';

/** A participant's folder, and what runs in it leave behind. */
function workshopOf(t: ExecutionContext, state: string, own?: string) {
  const folder = folderWith(t, state === '' ? {} : { 'progress.yaml': state });
  if (own !== undefined) {
    mkdirSync(join(folder, LAB));
    writeFileSync(join(folder, LAB, 'ask.py'), own);
  }
  const left = new Leftovers('local', folderWith(t), { RESET_LABS_WORKSHOP: folder });
  const nothingLeft = () =>
    until('the end of all processes', async () => (await left.find()).length === 0 || undefined, {
      instead: async () => (await left.find()).join('; '),
    });
  return { folder, state: join(folder, 'progress.yaml'), env: left.env, left, nothingLeft };
}

type Workshop = ReturnType<typeof workshopOf>;

/** All that is the participant's is whole, whatever has happened. Returns what is there. */
async function assertWhole(
  t: ExecutionContext,
  { folder, state }: Workshop,
  own: string,
  how: string,
) {
  const progress = await Progress.read(state);
  t.true([undefined, 'python'].includes(progress.language), how);
  const { solved = {}, ...more } = progress.lab(LAB);
  t.deepEqual(more, {}, how);
  t.true(['', 'retry'].includes(Object.keys(solved).join()), how);
  const file = join(folder, LAB, 'ask.py');
  if (existsSync(file)) t.true(readFileSync(file, 'utf8') === own, `${how}: ask.py is whole`);
  return [progress.language, existsSync(file) && 'ask.py', solved.retry && 'solved']
    .filter((one) => one)
    .join();
}

/** The next command works, and nothing that is not the participant's is left. */
async function assertGoesOn(t: ExecutionContext, workshop: Workshop, how: string) {
  const { folder, env, nothingLeft } = workshop;
  const next = start(t, [CLI, 'workshop', '--language', 'python', '--list'], env);
  next.child.stdin.end();
  t.like(await next.ended, { by: EXIT.pass, err: '' }, how);
  const names = readdirSync(folder).filter((name) => name !== LAB);
  t.deepEqual(names, ['progress.yaml'], how);
  if (existsSync(join(folder, LAB))) {
    t.true(
      readdirSync(join(folder, LAB)).every((name) => name === 'ask.py'),
      how,
    );
  }
  await nothingLeft();
}

for (const { name, test } of engines.filter(({ name }) => name === 'local')) {
  // The first moment is the sweep's; the choice of a language has 2 to 14, the laying out 15 to 21; what is kept 3 to 15.
  for (const [what, state, own, moments, states] of [
    [
      'from the first start on',
      FRESH,
      undefined,
      [2, 9, 13, 18, 21],
      ['', 'python', 'python,ask.py'],
    ],
    [
      'while the solution is kept',
      CHOSEN,
      SOLUTION,
      [10, 12, 14],
      ['python,ask.py', 'python,ask.py,solved'],
    ],
  ] as const) {
    test.serial(
      `${name} · check is killed ${what}: all is whole, and the next start goes on`,
      async (t) => {
        t.timeout(300_000);
        const seen = new Set<string>();
        for (const moment of moments) {
          const workshop = workshopOf(t, state, own);
          const how = `SIGKILL at moment ${moment}`;
          const blow = strike({ moment, folder: workshop.folder });
          const words = state === FRESH ? [...CHECK, '--language', 'python'] : CHECK;
          const run = start(t, words, { ...workshop.env, ...blow }, [STRIKE]);
          run.child.stdin.end();
          const { by, out, err } = await run.ended;
          t.is(by, 'SIGKILL', `${how}: ${out}${err}`);
          seen.add(await assertWhole(t, workshop, own ?? STARTER, how));
          await assertGoesOn(t, workshop, how);
        }
        t.deepEqual([...seen], states);
      },
    );
  }

  for (const [signal, status] of [
    ['SIGKILL', 'SIGKILL'],
    ['SIGINT', EXIT.interrupted],
    ['SIGHUP', EXIT.interrupted],
    ['SIGTERM', EXIT.interrupted],
  ] as const) {
    test.serial(`${name} · ${signal} while a program is checked: nothing is left`, async (t) => {
      t.timeout(120_000);
      const workshop = workshopOf(t, CHOSEN, SOLUTION);
      const run = await checking(t, workshop);
      process.kill(-run.pid, signal);
      const { by, out, err } = await run.ended;
      t.is(by, status, `${out}${err}`);
      t.is(out, '');
      if (by === EXIT.interrupted) t.deepEqual(await workshop.left.find(), []);
      await workshop.nothingLeft();
      await assertWhole(t, workshop, SOLUTION, signal);
      t.is(readFileSync(workshop.state, 'utf8'), CHOSEN);
    });
  }

  test.serial(`${name} · Ctrl-C before the engine is there: nothing is run`, async (t) => {
    const workshop = workshopOf(t, FRESH);
    const blow = strike({ signal: 'SIGINT', moment: 3, folder: workshop.folder });
    const words = [...CHECK, '--language', 'python'];
    const run = start(t, words, { ...workshop.env, ...blow }, [STRIKE]);
    run.child.stdin.end();
    const { by, out, err } = await run.ended;
    t.is(by, EXIT.interrupted, `${out}${err}`);
    t.is(out, '');
    t.deepEqual(await workshop.left.find(), []);
    await assertWhole(t, workshop, STARTER, 'SIGINT');
  });

  test.serial(
    `${name} · what a check has shown is told, also where it cannot be kept`,
    async (t) => {
      t.timeout(120_000);
      const workshop = workshopOf(t, CHOSEN, SOLUTION);
      const run = await checking(t, workshop);
      const half = `${CHOSEN}labs: [`;
      writeFileSync(workshop.state, half);
      const { by, out, err } = await run.ended;
      t.regex(out, /\nSolved\.\n/);
      t.true(err.includes(`${workshop.state} cannot be used: `), err);
      t.is(by, EXIT.usage);
      t.is(readFileSync(workshop.state, 'utf8'), half);
    },
  );

  test.serial(`${name} · what another command writes during a check is kept`, async (t) => {
    t.timeout(120_000);
    const workshop = workshopOf(t, CHOSEN, SOLUTION);
    // It holds a state that it has read, and is about to write.
    const held = join(folderWith(t), 'held');
    const blow = strike({ signal: 'HOLD', moment: 3, folder: workshop.folder, held });
    const run = start(t, CHECK, { ...workshop.env, ...blow }, [STRIKE]);
    run.child.stdin.end();
    await until('the check that is held', async () => existsSync(held) || undefined);
    const skip = start(t, [CLI, 'workshop', '--skip', '14'], workshop.env);
    t.like(await skip.ended, { by: EXIT.pass, err: '' });
    rmSync(held);
    const { by, out, err } = await run.ended;
    t.is(by, EXIT.pass, `${out}${err}`);
    const progress = await Progress.read(workshop.state);
    t.truthy(progress.lab(LAB).solved?.retry);
    t.regex(readFileSync(workshop.state, 'utf8'), /^ {2}14-[^:]+:\n {4}skipped: true$/m);
  });
}

/** A check of the solution that has a host already. */
async function checking(t: ExecutionContext, { env }: Workshop) {
  const run = start(t, CHECK, env);
  run.child.stdin.end();
  const pid = run.child.pid as number;
  await until('an agent of a host', async () => {
    const all = descendants(pid);
    return all.some((one) => isAgent(one, all)) || undefined;
  });
  return { ...run, pid };
}
