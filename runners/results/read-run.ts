import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ENGINE_NAMES } from '../engines/engine.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { FoundRun } from './merge.ts';
import { RESULT } from './recover.ts';
import type { RunResult } from './result.ts';

const number = v.pipe(v.number(), v.minValue(0));
const count = v.pipe(number, v.integer());
const program = v.looseObject({ language: v.string(), asked: v.nullable(v.string()) });

/** Only what is looked at before a result is shown; all of it is in run.schema.json. */
const SCHEMA = v.looseObject({
  schema: v.literal(1),
  id: v.string(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  durationMs: number,
  engines: v.array(
    v.looseObject({
      name: v.picklist(ENGINE_NAMES),
      durationMs: number,
      processor: v.object({ programsMs: number, allMs: v.nullable(number) }),
    }),
  ),
  machine: v.looseObject({ kernel: v.string() }),
  revision: v.nullable(v.object({ commit: v.nullable(v.string()), sources: v.string() })),
  shard: v.nullable(
    v.pipe(
      v.object({ index: count, count, plan: v.string(), total: count }),
      v.check(({ index, count }) => index >= 1 && index <= count, 'it is no shard'),
    ),
  ),
  merged: v.nullable(v.array(v.looseObject({}))),
  interrupted: v.boolean(),
  planned: count,
  cells: v.array(
    v.looseObject({
      lab: v.string(),
      number: v.string(),
      variant: v.nullable(v.string()),
      cure: v.nullable(v.string()),
      engine: v.picklist(ENGINE_NAMES),
      ip: v.picklist([4, 6]),
      repeat: v.pipe(count, v.minValue(1)),
      client: program,
      server: program,
      verdict: v.picklist(['pass', 'fail', 'unknown', 'not-run']),
    }),
  ),
});

/**
 * The run that lies in a folder; undefined where there is none.
 *
 * @param mend what the reader can do where it cannot be read
 * @throws UserError where its file is no result, or somebody has edited it so that it is none
 */
export async function readRun(
  folder: string,
  mend = 'Run that shard again.',
): Promise<FoundRun | undefined> {
  const file = join(folder, RESULT);
  try {
    const result: unknown = JSON.parse(await readFile(file, 'utf8'));
    const { issues: [issue] = [] } = v.safeParse(SCHEMA, result);
    if (issue) throw new Error(`\`${v.getDotPath(issue) ?? '.'}\`: ${issue.message}`);
    return { folder, result: result as RunResult };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(`${file} is no result of a run: ${messageOf(error)}. ${mend}`);
  }
}
