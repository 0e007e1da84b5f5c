import type { CellResult } from '../../results/result.ts';
import { repeatCommand } from '../repeat.ts';
import { runtime } from './summary.ts';
import { cut, paint, plain, type Screen, wrap } from './text.ts';
import { timeline } from './timeline.ts';

/** A timeline that is longer is cut in its middle: it begins with the handshake and ends with the end. */
const MOST_LINES = 200;

/**
 * Expectation, observation, where they part, where the evidence lies, and the command that repeats the cell.
 *
 * @param folder the run's
 */
export function failure(
  cell: CellResult,
  screen: Screen,
  folder: string = 'results/latest',
): string[] {
  const colours = paint(screen);
  const indent = (text: string) => wrap(plain(text), screen.columns - 20);
  const findings = Object.entries(cell.findings ?? {});
  const wrong = findings.filter(([, { agreement }]) => agreement === 'contradicts');
  const lines = [
    '',
    ...wrap(plain(`${runtime(cell.client)}: ${cell.reason}`), screen.columns - 4).map((line) =>
      colours.red(`  ${line}`),
    ),
  ];
  // Where all witnesses agree and it failed all the same, all of them are of interest.
  for (const [witness, { expected, observed }] of wrong.length > 0 ? wrong : findings) {
    const block = (title: string, text: string) =>
      indent(text).map((line, index) => `    ${(index === 0 ? title : '').padEnd(10)}${line}`);
    lines.push(`  ${witness}`, ...block('expected', expected), ...block('observed', observed));
  }
  if (cell.difference?.needed === false) lines.push(...outdated(cell, screen));
  for (const { role, err } of cell.outputs) {
    for (const line of err.slice(0, 5)) {
      lines.push(cut(`    ${role} said  ${plain(line)}`, screen.columns));
    }
  }
  return [
    ...lines,
    '',
    ...shortened(timeline(cell, screen)),
    '',
    `  evidence  ${folder}/${cell.pcap ?? 'run.json'}`,
    `  again     ${repeatCommand(cell)}`,
  ];
}

function outdated({ because, difference }: CellResult, screen: Screen): string[] {
  const text = `All witnesses agree with what the lab expects of other languages: is the known difference true no more? It says: ${because}`;
  return [
    ...wrap(text, screen.columns - 4).map((line) => `  ${line}`),
    ...(difference ? [`    ${difference.link}`] : []),
  ];
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  const half = MOST_LINES / 2;
  const left = `${' '.repeat(14)}… ${lines.length - MOST_LINES} lines are left out here …`;
  return [...lines.slice(0, half), left, ...lines.slice(-half)];
}
