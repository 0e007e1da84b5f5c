import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $, cd } from 'zx';
import type { NamedLanguage } from '../catalog/language.ts';
import { loadLanguages } from '../catalog/load.ts';
import { chooseEngine } from '../engines/choose.ts';
import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';
import { compiled } from '../engines/local/toolchain.ts';
import { inProject, ROOT } from '../paths.ts';
import { row } from '../reports/terminal/text.ts';
import type { RunResult } from '../results/result.ts';
import { messageOf } from '../user-error.ts';
import { type Call, divide, median } from './measure.ts';

/**
 * Times a warm `lab crash-server` in each engine that is there against its floor, measured in the same run
 * and in turn with it, so that both meet the same machine. Prints medians; asserts nothing.
 *
 * usage: npm run bench [-- ROUNDS]
 */
const rounds = Number(process.argv[2] ?? 9);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write('usage: npm run bench [-- ROUNDS], a whole number, 9 by default\n');
  process.exit(2);
}
cd(ROOT);
$.quiet = true;
const results = await mkdtemp(join(tmpdir(), 'reset-labs-bench-'));
const languages = await loadLanguages(['java', 'node', 'python'], '--client');

/** One call of the command line, as a person makes it, without npm. */
async function call(engine: EngineName): Promise<Call> {
  const began = Date.now();
  const { stdout } =
    await $`node --import tsx runners/cli.ts lab crash-server --json --engine ${engine} --results ${results}`;
  return divide(began, Date.now(), JSON.parse(stdout) as RunResult);
}

/** The same three pairs of bare processes, started together by a shell. */
async function localFloor(): Promise<number> {
  const server = languages.find(({ name }) => name === 'python') as NamedLanguage;
  const programs = await Promise.all(
    languages.map(async (language) => ['--', await compiled(language), ...language.run.ask]),
  );
  const port = 12_000 + Math.floor(Math.random() * 7_000);
  const began = performance.now();
  await $`bash ${inProject('runners/bench/local-floor.sh')} ${port} ${server.folder} ${server.run.server} ${programs.flat()}`;
  return performance.now() - began;
}

/** The same containers by `docker run`; the images are those that the labs have just used. */
async function dockerFloor(): Promise<number> {
  const images = languages.map(({ name, run }) => `reset-labs/${name}:latest=${run.ask.join(' ')}`);
  const name = `reset-labs-bench-${process.pid}-${Math.floor(Math.random() * 1e6)}`;
  const script = inProject('runners/bench/docker-floor.sh');
  const { stdout } =
    await $`bash ${script} ${name} reset-labs/python:latest reset-labs/tools:latest ${images}`;
  return Number(stdout);
}

/** The containers of one cell by a compose command, up and down, where one is installed. */
async function compose(): Promise<number | undefined> {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    if ((await $({ nothrow: true })`${command} version`).exitCode !== 0) continue;
    const words = ['-p', `reset-labs-bench-${process.pid}`, '-f', 'docker/direct.compose.yaml'];
    const began = performance.now();
    await $`${command} ${words} up --detach`;
    await $`${command} ${words} down --timeout 0`;
    return performance.now() - began;
  }
  return undefined;
}

const table = [['', 'start', 'lab', 'end', 'floor', 'lab / floor']];
const notes: string[] = [];
for (const engine of ENGINE_NAMES) {
  try {
    await chooseEngine(engine);
    await call(engine); // warm: compiled programs, images, page cache
    const calls: Call[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds; round++) {
      calls.push(await call(engine));
      floors.push(await (engine === 'local' ? localFloor() : dockerFloor()));
    }
    const of = (key: keyof Call) => median(calls.map((one) => one[key]));
    const [lab, floor] = [of('labMs'), median(floors)];
    const ms = (value: number) => `${Math.round(value)} ms`;
    const times = [ms(of('startMs')), ms(lab), ms(of('endMs')), ms(floor)];
    table.push([engine, ...times, (lab / floor).toFixed(2)]);
    if (engine === 'docker') {
      const upDown = await compose();
      notes.push(
        upDown === undefined
          ? 'compose: no compose command is installed'
          : `compose up and down of one cell's containers, without any program: ${ms(upDown)}`,
      );
    }
  } catch (error) {
    notes.push(`${engine}: not measured: ${messageOf(error)}`);
  }
}
await rm(results, { recursive: true, force: true });

const widths = (table[0] as string[]).map((_, column) =>
  Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
);
process.stdout.write(
  `${[
    `lab crash-server, three clients at once, warm; medians of ${rounds} rounds`,
    '',
    ...table.map((cells) => `  ${row(cells, widths)}`),
    '',
    '  floor: local: the same pairs of bare processes on loopback, started by a shell;',
    '         docker: the same containers by docker run and exec',
    ...notes.map((note) => `  ${note}`),
  ].join('\n')}\n`,
);
