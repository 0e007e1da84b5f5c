import { code, table } from '../docs/markdown.ts';
import type { Lie } from './lie.ts';
import type { AllTold, Told } from './tell.ts';

export const LIARS_PAGE = 'docs/liars.md';

/** The generated parts of the liars' page: nothing in them is of one machine or one run. */
export function liarsParts({ lies, twins }: AllTold): Record<string, readonly string[]> {
  const of = (...kinds: readonly Lie['of'][]) =>
    lies.filter(({ lie }) => kinds.includes(lie.of)).map(row);
  const headings = ['the lie', 'verdict', 'caught by', 'what the report says'];
  const caught = lies.filter(({ problem }) => problem === null).length;
  return {
    sum: [
      `${caught} of ${lies.length} lies are caught, each by name; ${twins.length} truthful twins pass.`,
    ],
    programs: table(headings, of('program')),
    captures: table(headings, of('capture')),
    kernel: table(headings, of('counters', 'trace')),
    twins: twins.map(({ name }) => `- ${name}`),
  };
}

function row({ lie, verdict, reason, against }: Told): string[] {
  return [
    `**${lie.name}**: ${lie.lie}`,
    verdict,
    against.join(', ') || 'the verdict itself',
    code(shown(reason)),
  ];
}

/** The version of Python is the machine's own. */
function shown(reason: string): string {
  return reason.replace(/python@[\d.]+/, 'python@…');
}
