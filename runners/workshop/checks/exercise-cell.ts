import type { NamedLab } from '../../catalog/lab.ts';
import type { NamedLanguage } from '../../catalog/language.ts';
import type { EngineName } from '../../engines/engine.ts';
import { type Cell, PORTS } from '../../plan.ts';
import type { Exercise } from '../lessons/lesson.ts';

/**
 * The story of a cure, with the program that is to be changed in the place of the one that cures.
 *
 * @param plain the story that the cure cures: its `why` tells of the fault
 */
export function exerciseLab(cure: NamedLab, plain: NamedLab, exercise: Exercise): NamedLab {
  // What a server's own fault would wait for, only the cure's program does.
  const { ready, fault, ...story } = cure;
  const { why } = plain;
  const scenes = {
    ...(exercise.prepare && { prepare: exercise.prepare }),
    ...(exercise.ready && { ready: exercise.ready }),
    ...(exercise.fault && { fault: exercise.fault }),
  };
  return exercise.changes === 'client'
    ? { ...story, ...(ready && { ready }), why, client: { program: exercise.starter }, ...scenes }
    : { ...story, why, client: exercise.client, server: { program: 'server' }, ...scenes };
}

/** @param languages that of the participant has his file in it */
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
