import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { plainFirst } from '../catalog/by-lab.ts';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { storyKey } from '../durations.ts';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { type FoundRun, languageId, merge } from '../results/merge.ts';
import { readRun } from '../results/read-run.ts';
import { RESULT } from '../results/recover.ts';
import type { CellResult } from '../results/result.ts';
import { halfWritten, Store, sweep } from '../results/store.ts';
import { type ExitStatus, messageOf, UserError } from '../user-error.ts';
import { commandLineOf } from './lab.ts';
import { openReportFiles } from './report-files.ts';
import { type ReportOptions, statusOf, tellResult } from './tell-result.ts';

export type MergeOptions = ReportOptions & { readonly results: string };

/** Makes one result of shards; see `npm run merge -- --help`. */
export async function mergeCommand(
  folders: readonly string[],
  options: MergeOptions,
  interruption: AbortSignal,
): Promise<ExitStatus> {
  const found = (await Promise.all(folders.map(runsIn))).flat();
  const orderOf = await order();
  // Refused before anything is written; its id comes with its folder.
  const merged = merge(found, { id: '', command: commandLineOf(process.argv) }, orderOf);
  await openReportFiles(options);
  const store = await Store.open(options.results);
  try {
    const result = { ...merged, id: store.id };
    for (const { folder } of found) await store.adopt(join(folder, 'cells'));
    if (!(await store.finish(result))) {
      throw new UserError(
        `The results cannot be kept in ${options.results}: ${store.problem}. Name another folder: --results FOLDER`,
      );
    }
    await tellResult(result, { ...options, folder: store.folder, next: undefined });
    return statusOf({ result, problem: undefined }, interruption);
  } finally {
    await store.discard();
  }
}

/** The runs in a folder: the folder is one itself, or has some, as artifacts of a CI do. */
async function runsIn(folder: string): Promise<FoundRun[]> {
  const whole = await readRun(folder);
  if (whole) return [whole];
  // What a killed run had obtained is a result, too: of an interrupted run.
  await sweep(folder);
  const [unended] = await halfWritten(folder);
  if (unended) {
    throw new UserError(
      `The run in ${join(folder, unended.name)} has not ended: its process ${unended.pid} is alive. Wait for its end; if it was killed on another machine, run that shard again.`,
    );
  }
  const names = await readdir(folder).catch((error: unknown) => {
    throw new UserError(`${folder} cannot be read: ${messageOf(error)}. Name folders of runs.`);
  });
  const inside = await Promise.all(
    names
      // A name for one that is there under its own.
      .filter((name) => name !== 'latest')
      .map((name) => readRun(join(folder, name))),
  );
  const runs = inside.flatMap((run) => run ?? []);
  if (runs.length > 0) return runs;
  throw new UserError(
    `There is no ${RESULT} in ${folder} or one folder below. Name folders of runs.`,
  );
}

/** As a run of its own would have it: engine, story, repeat, server, client. */
async function order(): Promise<(cell: CellResult) => number[]> {
  const [labs, languages] = await Promise.all([
    loadLabs(['all']),
    loadLanguages(['all', 'all@all'], '--client'),
  ]);
  const stories = plainFirst(labs).map(storyKey);
  const ids = languages.map(({ id }) => id);
  return ({ engine, number, lab, variant, cure, repeat, client, server }) => [
    ENGINE_NAMES.indexOf(engine),
    stories.indexOf(storyKey({ number, name: lab, variant, cure })),
    repeat,
    ids.indexOf(languageId(server)),
    ids.indexOf(languageId(client)),
  ];
}
