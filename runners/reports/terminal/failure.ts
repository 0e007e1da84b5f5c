import type { CellResult } from '../../results/result.ts';
import { runtime } from './summary.ts';
import { cut, paint, plain, type Screen, wrap } from './text.ts';
import { timeline } from './timeline.ts';

/** Expectation, observation, and where they part. */
export function failure(cell: CellResult, screen: Screen): string[] {
  const colours = paint(screen);
  const indent = (text: string) => wrap(plain(text), screen.columns - 20);
  const wrong = Object.entries(cell.findings ?? {}).filter(
    ([, { agreement }]) => agreement === 'contradicts',
  );
  const lines = [
    '',
    ...wrap(plain(`${runtime(cell.client)}: ${cell.reason}`), screen.columns - 4).map((line) =>
      colours.red(`  ${line}`),
    ),
  ];
  for (const [witness, { expected, observed }] of wrong) {
    const block = (title: string, text: string) =>
      indent(text).map((line, index) => `    ${(index === 0 ? title : '').padEnd(10)}${line}`);
    lines.push(`  ${witness}`, ...block('expected', expected), ...block('observed', observed));
  }
  for (const { role, err } of cell.outputs) {
    for (const line of err.slice(0, 5)) {
      lines.push(cut(`    ${role} said  ${plain(line)}`, screen.columns));
    }
  }
  const story = [
    ...(cell.cure ? ['--cured', '--variant', cell.cure] : []),
    ...(cell.variant && !cell.cure ? ['--variant', cell.variant] : []),
    ...(cell.ip === 6 ? ['--ip 6'] : []),
  ].map((word) => ` ${word}`);
  const server = ` --server ${cell.server.language}`;
  return [
    ...lines,
    '',
    ...timeline(cell, screen),
    '',
    `  evidence  results/latest/${cell.pcap ?? 'run.json'}`,
    `  again     npm run lab ${cell.lab} -- --client ${cell.client.language}${server}${story.join('')} --engine ${cell.engine}`,
  ];
}
