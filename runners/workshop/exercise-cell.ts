import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import type { Course } from '../cell/conduct.ts';
import { within } from '../deadline.ts';
import type { EngineName } from '../engines/engine.ts';
import { type Cell, PORTS } from '../plan.ts';
import type { Exercise } from './lesson.ts';

/** How long after the fault a program may take to survive it. Its tries and its patience must fit. */
export const SURVIVES_WITHIN_MS = 8_000;
/** A client that has ended cannot be waited for; what is done on other hosts may be under way. */
const REST_OF_FAULT_MS = 1_000;

/**
 * The story of a cure, with the lab's own plain client in the place of the cure's.
 *
 * @param plain the story that the cure cures: its `why` tells of the fault
 */
export function exerciseLab(cure: NamedLab, plain: NamedLab, exercise: Exercise): NamedLab {
  const { starter, fault, prepare = cure.prepare } = exercise;
  const own = { why: plain.why, client: { program: starter }, fault };
  return { ...cure, ...own, ...(prepare && { prepare }) };
}

/** @param client the language with the participant's file in it */
export function exerciseCell(
  lab: NamedLab,
  { client, server }: { readonly client: NamedLanguage; readonly server: NamedLanguage },
  engine: EngineName,
  turn: number,
): Cell {
  const id = `${lab.number}-${lab.name}-yours-${turn}`;
  const port = PORTS.first + (turn % (PORTS.last - PORTS.first));
  return { id, lab, client, server, engine, ip: 4, repeat: turn, port };
}

/** The fault strikes, and the client has some seconds to survive it. */
export const surviving: Course = async ({ lab }, stage) => {
  const { exited } = stage.client.program;
  const fault = lab.fault?.(stage) ?? Promise.resolve();
  const ended = exited.then(() =>
    within('the rest of the fault, when your client had ended,', fault, REST_OF_FAULT_MS),
  );
  ended.catch(() => {});
  await Promise.race([fault, ended]);
  await within('the end of your client after the fault', exited, SURVIVES_WITHIN_MS, () => {
    const step = stage.client.lastStep;
    return step && `it is at "${step.step}"`;
  });
  await ended;
};
