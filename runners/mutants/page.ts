import { table } from '../docs/markdown.ts';
import type { Fate, Mutated } from './mutate.ts';

export const MUTANTS_PAGE = 'docs/mutants.md';

type Made = { readonly mutants: readonly Mutated[]; readonly seed: number };

const FATES: readonly Fate[] = ['caught', 'equivalent', 'unobserved', 'unexplained'];

/**
 * The generated parts of the mutants' page. Of stories that leave something open no numbers are told but
 * their sum: which of their outcomes happen is another in each run.
 */
export function mutantsParts({ mutants, seed }: Made): Record<string, readonly string[]> {
  const closed = mutants.filter(({ isOpen }) => !isOpen);
  const open = mutants.length - closed.length;
  const explained = mutants.filter(({ fate }) => fate !== 'unexplained').length;
  return {
    sum: [
      `${mutants.length} mutants of seed ${seed}; ${explained} of them are caught or explained.`,
      `${closed.length} are of expectations that leave nothing open, and of faces: see the table. ${open} are of`,
      'stories with several outcomes, or with a count or a reason left open.',
    ],
    operators: byOperator(closed),
    reasons: byReason(closed),
  };
}

/** What became of the mutants of each operator. */
export function byOperator(mutants: readonly Mutated[]): string[] {
  const operators = [...new Set(mutants.map(({ operator }) => operator))].sort();
  const counted = (of: readonly Mutated[]) =>
    FATES.map((fate) => String(of.filter((mutant) => mutant.fate === fate).length));
  const rows = operators.map((operator) => {
    const own = mutants.filter((mutant) => mutant.operator === operator);
    return [operator, String(own.length), ...counted(own)];
  });
  const all = ['**all**', String(mutants.length), ...counted(mutants)];
  return table(['what was changed', 'mutants', ...FATES], [...rows, all]);
}

/** Why those that were not caught could not be, by operator. */
export function byReason(mutants: readonly Mutated[]): string[] {
  const alive = mutants.filter(({ fate }) => fate !== 'caught');
  const kinds = [
    ...new Set(alive.map(({ operator, fate, why }) => [operator, fate, why].join('\t'))),
  ];
  const rows = kinds.sort().map((kind) => {
    const [operator = '', fate = '', why = ''] = kind.split('\t');
    const own = alive.filter((one) => [one.operator, one.fate, one.why].join('\t') === kind);
    return [operator, String(own.length), fate, why];
  });
  return table(['what was changed', 'mutants', 'fate', 'why'], rows);
}
