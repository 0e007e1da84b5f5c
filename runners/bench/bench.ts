import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { $, cd } from 'zx';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { withParts } from '../docs/markers.ts';
import { DURATIONS_FILE, loadDurations, storyKey } from '../durations.ts';
import { chooseEngine } from '../engines/choose.ts';
import { ENGINE_NAMES, type EngineName } from '../engines/engine.ts';
import { inProject, ROOT } from '../paths.ts';
import type { RunResult } from '../results/result.ts';
import { messageOf } from '../user-error.ts';
import { busyMs } from './busy.ts';
import { composeUpAndDown, dockerFloor, localFloor } from './floors.ts';
import { divide, median } from './measure.ts';
import { benchmarkReport, type LabTimes, type MatrixTimes } from './report.ts';

const USAGE = `usage: npm run bench [-- --rounds N] [--only local|docker] [--save]

Measures on one machine, in one run, how long one lab and the whole matrix take in each engine that is there,
against their floors. Nothing is asserted. Keep the machine quiet: processor time is that of all of it.

  --rounds N   of the one lab, 9 by default
  --only E     one engine
  --save       write docs/benchmarks.md and ${DURATIONS_FILE}, by which runs are ordered and divided
`;
const PAGE = 'docs/benchmarks.md';

const options = readOptions();
cd(ROOT);
$.quiet = true;
const results = await mkdtemp(join(tmpdir(), 'reset-labs-bench-'));
const languages = await loadLanguages(['usual'], '--client');
const labs: LabTimes[] = [];
const matrices: MatrixTimes[] = [];
const runs: RunResult[] = [];
const notes: string[] = [];
try {
  for (const engine of ENGINE_NAMES) {
    if (options.only !== undefined && options.only !== engine) continue;
    try {
      await chooseEngine(engine);
      labs.push(await lab(engine));
      matrices.push(await matrix(engine));
    } catch (error) {
      notes.push(`${engine}: not measured: ${messageOf(error)}`);
    }
  }
  const hasDocker = labs.some(({ engine }) => engine === 'docker');
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} processors, Linux ${/^[\d.]+/.exec(release())?.[0]}, Node.js ${process.versions.node}${engineTitle('docker')}.`;
  const report = benchmarkReport({
    ...{
      machine,
      processors: availableParallelism(),
      rounds: options.rounds,
      labs,
      matrices,
      notes,
    },
    compose: hasDocker ? await composeUpAndDown() : undefined,
  });
  process.stdout.write(`${report.join('\n')}\n`);
  if (options.save) await save(report);
} finally {
  await rm(results, { recursive: true, force: true });
}

function readOptions() {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          rounds: { type: 'string', default: '9' },
          only: { type: 'string' },
          save: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
      });
    } catch (error) {
      return refuse(messageOf(error));
    }
  })();
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) return refuse('--rounds must be a whole number.');
  const only = ENGINE_NAMES.find((name) => name === values.only);
  if (values.only !== undefined && only === undefined) return refuse('--only must be an engine.');
  return { rounds, only, save: values.save };
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n${USAGE}`);
  process.exit(2);
}

/** One call of the command line, as a person makes it, without npm. */
async function call(...words: readonly string[]) {
  const began = Date.now();
  const busyBefore = busyMs();
  const { stdout } = await $({
    nothrow: true,
  })`node --import tsx runners/cli.ts ${words} --json --results ${results}`;
  const result = JSON.parse(stdout) as RunResult;
  return { ...divide(began, Date.now(), result), busyMs: busyMs() - busyBefore, result };
}

async function lab(engine: EngineName): Promise<LabTimes> {
  const words = ['lab', 'crash-server', '--engine', engine];
  await call(...words); // warm: compiled programs, images, page cache
  const calls: Awaited<ReturnType<typeof call>>[] = [];
  const floors: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    calls.push(await call(...words));
    // In turn, so that both meet the same machine.
    floors.push(await (engine === 'local' ? localFloor(languages) : dockerFloor(languages)));
  }
  const of = (key: 'startMs' | 'labMs' | 'endMs' | 'busyMs') =>
    median(calls.map((one) => one[key]));
  return {
    engine,
    startMs: of('startMs'),
    labMs: of('labMs'),
    endMs: of('endMs'),
    busyMs: of('busyMs'),
    floorMs: median(floors),
  };
}

async function matrix(engine: EngineName): Promise<MatrixTimes> {
  process.stderr.write(`${engine} engine: the whole matrix\n`);
  const { result, busyMs } = await call('verify', '--engine', engine);
  runs.push(result);
  const [used] = result.engines;
  return {
    engine,
    cells: result.cells.length,
    others: result.cells.filter(({ verdict }) => verdict !== 'pass').length,
    wallMs: result.durationMs,
    busyMs,
    programsMs: used?.processor.programsMs ?? Number.NaN,
  };
}

function engineTitle(name: EngineName): string {
  const used = runs.flatMap(({ engines }) => engines).find((engine) => engine.name === name);
  return used ? `, ${used.title}` : '';
}

async function save(report: readonly string[]): Promise<void> {
  const page = inProject(PAGE);
  await writeFile(page, withParts(PAGE, await readFile(page, 'utf8'), { figures: report }));
  const known = await loadDurations().catch(() => ({}));
  const stories = (await loadLabs(['all'])).map(storyKey);
  const durations = Object.fromEntries(
    stories.map((story) => [story, { ...Reflect.get(known, story), ...measured(story) }]),
  );
  await writeFile(inProject(DURATIONS_FILE), `${JSON.stringify(durations, null, 2)}\n`);
  process.stderr.write(`written: ${PAGE}, ${DURATIONS_FILE}\n`);
}

/** Medians over the pairs of languages, by engine. */
function measured(story: string): Partial<Record<EngineName, number>> {
  return Object.fromEntries(
    runs.flatMap(({ cells, engines }) => {
      const own = cells.filter(
        (cell) => storyKey({ ...cell, name: cell.lab }) === story && cell.verdict === 'pass',
      );
      if (own.length === 0) return [];
      return [[engines[0]?.name, Math.round(median(own.map(({ durationMs }) => durationMs)))]];
    }),
  );
}
