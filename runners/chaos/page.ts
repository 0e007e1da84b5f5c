import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { code, table } from '../docs/markdown.ts';
import { ROOT } from '../paths.ts';
import type { Outcome } from './examine.ts';

export const CHAOS_PAGE = 'docs/chaos.md';

/** The generated parts of the page. */
export function chaosParts(outcomes: readonly Outcome[]): Readonly<Record<string, string[]>> {
  const sum = (key: 'obtained' | 'kept') =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const held = outcomes.filter(({ broken }) => broken.length === 0).length;
  return {
    sum: [
      `${held} of ${outcomes.length} experiments ended as promised. ${sum('obtained')} results had been obtained when runs ended, ${sum('kept')} of them are kept, and no other.`,
    ],
    chaos: table(
      ['fault', 'moment', 'engine', 'it ends with', 'and says', 'results obtained before', 'left'],
      outcomes.map(rowOf),
    ),
  };
}

/** Counts depend on how far a run has come when the fault strikes. */
export function essenceOf(text: string): string {
  return text.replaceAll(/\d+/g, '0');
}

/** One line for a terminal, and one for each broken promise. */
export function linesOf(outcome: Outcome): string[] {
  const { experiment, obtained, kept, broken } = outcome;
  const how = [endOf(outcome), `${kept} of ${obtained} results kept`, leftOf(outcome)];
  const sign = broken.length === 0 ? '✔' : '✘';
  return [
    `${sign} ${experiment.engine} ${experiment.name}: ${how.join(' · ')}`,
    ...broken.map((line) => `    ${line.trim()}`),
  ];
}

function rowOf(outcome: Outcome): string[] {
  const { experiment, said } = outcome;
  const { fault, moment, engine } = experiment;
  const words = said === '' ? 'nothing' : code(withoutPlaces(said));
  return [fault, moment, engine, endOf(outcome), words, keptOf(outcome), leftOf(outcome)];
}

function endOf({ experiment, ended }: Outcome): string {
  const { ends } = experiment.promise;
  if (typeof ended === 'string') return ended;
  return `exit ${ends.length > 1 ? ends.join(' or ') : ended}`;
}

function keptOf({ experiment, obtained, kept }: Outcome): string {
  if (obtained === 0) return 'there were none';
  const all = kept === obtained ? 'all' : kept;
  return `${all} of ${obtained} kept, ${experiment.promise.inOrder}`;
}

function leftOf({ left, leftThen }: Outcome): string {
  if (leftThen > 0) return `${leftThen} things after the next start`;
  return left === 0 ? 'nothing' : 'nothing after the next start';
}

/** Names of folders of this machine, and names that are drawn, say nothing to others. */
function withoutPlaces(said: string): string {
  return said
    .replaceAll(join(ROOT, '/'), '')
    .replaceAll(new RegExp(`${tmpdir()}/reset-labs-\\w+-\\w+`, 'g'), '…')
    .replaceAll(/reset-labs\/(\w+):[0-9a-f]+/g, 'reset-labs/$1:…');
}
