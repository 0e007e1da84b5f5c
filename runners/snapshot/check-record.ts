import { randomBytes } from 'node:crypto';
import { arch, cpus } from 'node:os';
import { basename } from 'node:path';
import * as v from 'valibot';
import { conclusionOf } from '../results/conclusion.ts';
import type { CellResult, RunResult } from '../results/result.ts';
import type { OneCheck } from '../workshop/checks/one-check.ts';

const texts = v.array(v.string());

/** `check.json`: what a check says beside the result of its cell. */
export const CHECK_RECORD = v.object({
  /** Its lab's folder: `04-crash-server`. */
  lab: v.string(),
  exercise: v.string(),
  language: v.string(),
  /** Which of the two programs is the participant's. */
  changes: v.picklist(['client', 'server']),
  /** In the snapshot. */
  file: v.string(),
  verdict: v.picklist(['pass', 'fail', 'unknown']),
  points: v.array(
    v.object({
      asks: v.string(),
      standing: v.picklist(['met', 'not met', 'unknown']),
      shows: v.string(),
    }),
  ),
  compiler: texts,
  says: v.nullable(v.string()),
});

export type CheckRecord = v.InferOutput<typeof CHECK_RECORD>;

/** A check as a run of one cell, so that all that reads runs can read it; of none, if it does not compile. */
export function runOfCheck(
  { lesson, task, language, checked, choice, engine }: OneCheck,
  startedAt: string,
): { readonly result: RunResult; readonly pcap: Buffer | null } {
  const { ran } = checked;
  const cells: CellResult[] = [];
  const pcap = ran?.pcap ?? null;
  if (ran !== null) {
    const path = `cells/${engine.name}/${lesson.folder}-yours/capture.pcap`;
    cells.push({
      ...ran.result,
      ...ofNoExpectation(ran.result),
      why: task.plain.why,
      pcap: pcap && path,
    });
  }
  const durationMs = Math.max(0, Date.now() - Date.parse(startedAt));
  const programs = cells.flatMap(({ outputs }) => outputs.map(({ cpuMs }) => cpuMs ?? 0));
  const programsMs = Math.round(programs.reduce((sum, ms) => sum + ms, 0));
  const words = ['--language', language.name, '--exercise', task.name];
  return {
    pcap,
    result: {
      schema: 1,
      id: `${startedAt.slice(0, 19).replaceAll(':', '-')}-${randomBytes(3).toString('hex')}`,
      startedAt,
      durationMs,
      command: `npm run check ${lesson.number} -- ${words.join(' ')}`,
      engines: [{ ...engine, why: choice.why, durationMs, processor: { programsMs, allMs: null } }],
      absent: [],
      leftOut: [],
      machine: { kernel: engine.kernel, arch: arch(), cpus: cpus().length },
      revision: null,
      shard: null,
      merged: null,
      interrupted: false,
      planned: 1,
      ...conclusionOf(cells, 1),
      cells,
    },
  };
}

/**
 * The lab expects nothing of a participant's program, so no witness can agree, and as a cell of a run it passes never:
 * what the exercise asks for, and whether it is met, stands in `check.json`.
 */
function ofNoExpectation({ reason }: CellResult): Partial<CellResult> {
  const finding = { agreement: 'unavailable', expected: 'nothing', observed: reason } as const;
  return {
    verdict: 'unknown',
    findings: { program: finding, packets: finding, kernel: finding },
    outcome: null,
    // Its turn is the checker's, and tells nothing.
    repeat: 1,
  };
}

export function recordOf({ lesson, task, language, checked, says, file }: OneCheck): CheckRecord {
  const { changes, verdict, points, compiler } = checked;
  return {
    ...{ lab: lesson.folder, exercise: task.name, language: language.name, changes, verdict },
    file: `workshop/${lesson.folder}/${basename(file.path)}`,
    ...{ points: [...points], compiler: [...compiler], says: says ?? null },
  };
}
