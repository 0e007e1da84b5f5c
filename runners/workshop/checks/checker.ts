import type { NamedLanguage } from '../../catalog/language.ts';
import { loadLanguages } from '../../catalog/load.ts';
import { sourceOf } from '../../catalog/source.ts';
import { observe } from '../../cell/observe.ts';
import { type Choice, openEngine } from '../../engines/choose.ts';
import { CompileError } from '../../engines/compile-error.ts';
import type { Engine } from '../../engines/engine.ts';
import { isUnavailable } from '../../engines/unavailable.ts';
import { lostOf, type Observation } from '../../evidence/observation.ts';
import { PORTS, topologyOf } from '../../plan.ts';
import { Pool } from '../../pool.ts';
import { cellResult } from '../../results/cell-result.ts';
import type { CellResult } from '../../results/result.ts';
import { EnvironmentError } from '../../user-error.ts';
import { type Exercise, placeOf } from '../lessons/lesson.ts';
import type { Task } from '../lessons/named-lesson.ts';
import { courseOf } from './courses.ts';
import { examineClient } from './examine/client.ts';
import type { Point } from './examine/point.ts';
import { examineServer } from './examine/server.ts';
import { exerciseCell, exerciseLab } from './exercise-cell.ts';
import { overlay } from './overlay.ts';

/** What a participant works on. */
export type Assignment = Task & { readonly language: NamedLanguage };

/** What a check has shown. */
export type Checked = {
  /** Which of the two programs is the participant's. */
  readonly changes: Exercise['changes'];
  readonly points: readonly Point[];
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** What happened; null where the program could not even be compiled. */
  readonly ran: {
    readonly result: CellResult;
    readonly observation: Observation;
    readonly pcap: Buffer | null;
  } | null;
  /** What the compiler said, where it refused. */
  readonly compiler: readonly string[];
};

/** Hosts that are kept for the next check. */
const MOST_IDLE = 6;

/** Runs participants' programs under the real fault; hosts are kept from one check to the next. */
export class Checker {
  readonly #engine: Engine;
  readonly #pool: Pool;
  #turn = Math.floor(Math.random() * (PORTS.last - PORTS.first));

  private constructor(engine: Engine) {
    this.#engine = engine;
    this.#pool = new Pool(engine, MOST_IDLE);
  }

  /** @throws EnvironmentError where the engine is not there */
  static async open(
    { name }: Choice,
    runId: string,
    progress: (text: string) => void,
  ): Promise<Checker> {
    return new Checker(await openEngine(name, { runId, capture: true, progress }));
  }

  get engine(): Pick<Engine, 'name' | 'title' | 'kernel'> {
    const { name, title, kernel } = this.#engine;
    return { name, title, kernel };
  }

  /**
   * Runs a program in the place of the lab's client, or of its server.
   *
   * @param text the source of the program
   * @throws EnvironmentError where the lab cannot run here
   */
  async check({ cure, plain, exercise, language }: Assignment, text: string): Promise<Checked> {
    const { changes } = exercise;
    const own = await overlay(language, sourceOf(language, placeOf(exercise)), text);
    const other = changes === 'client' ? language : await clientOf({ exercise, language });
    const players =
      changes === 'client' ? { client: own, server: other } : { client: other, server: own };
    const lab = exerciseLab(cure, plain, exercise);
    const engine = this.#engine;
    const cell = exerciseCell(lab, players, engine.name, ++this.#turn);
    const lacking = await Promise.all([
      ...[language, other].map((one) => engine.prepare(one)),
      ...(lab.needs ?? []).map((need) => engine.lacks(need)),
    ]);
    const missing = lacking.find((one) => one !== undefined);
    if (missing !== undefined) throw new EnvironmentError(missing.unavailable);
    try {
      await engine.prepare(own);
    } catch (error) {
      if (error instanceof CompileError) return refused(changes, error.output);
      throw error;
    }
    const began = performance.now();
    return await this.#pool.lend(topologyOf(cell), async (topology) => {
      const how = { leaveOut: new Set<never>(), looking: false, course: courseOf(exercise) };
      const { observation, pcap } = await observe(cell, topology, engine, how);
      const points =
        exercise.changes === 'client'
          ? examineClient(exercise.survives, observation)
          : examineServer(exercise.serves, observation);
      const judgement = judgementOf(points);
      // What tells of the fault would stand beside the segment of a good end.
      const told = judgement.verdict === 'pass' ? { ...cell, lab: { ...lab, why: '' } } : cell;
      const durationMs = Math.round(performance.now() - began);
      const captured = isUnavailable(topology.capture) ? null : pcap;
      const details = { durationMs, pcap: null, looks: [] };
      const result = cellResult(told, observation, judgement, details);
      return {
        whole: observation.problem === null && lostOf(observation) === null,
        ...{ changes, points, verdict: judgement.verdict, compiler: [] },
        ran: { result, observation, pcap: captured },
      };
    });
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** The language of the client in an exercise. Who meets a server is Python's client, which does nothing unasked. */
export async function clientOf({
  exercise,
  language,
}: Pick<Assignment, 'exercise' | 'language'>): Promise<NamedLanguage> {
  if (exercise.changes === 'client') return language;
  const [python] = await loadLanguages(['python'], '--client');
  if (python === undefined) throw new Error('there is no python');
  return python;
}

function refused(changes: Exercise['changes'], compiler: readonly string[]): Checked {
  const point = { asks: 'it compiles', standing: 'not met', shows: 'it does not' } as const;
  return { changes, points: [point], verdict: 'fail', ran: null, compiler };
}

/** Nothing is expected of the way on which a program survives, so no witness agrees or contradicts. */
function judgementOf(points: readonly Point[]): Parameters<typeof cellResult>[2] {
  const open = points.find(({ standing }) => standing !== 'met');
  const verdict = open === undefined ? 'pass' : open.standing === 'unknown' ? 'unknown' : 'fail';
  const finding = { agreement: 'unavailable', expected: '', observed: '' } as const;
  return {
    verdict,
    reason: open === undefined ? 'it survives' : `${open.asks}: ${open.shows}`,
    findings: { program: finding, packets: finding, kernel: finding },
    outcome: null,
  };
}
