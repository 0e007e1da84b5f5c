import type { CellResult } from '../../results/result.ts';
import {
  kernelSaid,
  notEnded,
  openStep,
  packetsSeen,
  runtime,
  surfaced,
  tellingStep,
} from './summary.ts';
import { cut, paint, plain, row, type Screen, wrap } from './text.ts';

const SYMBOL = { pass: '✔', fail: '✘', unknown: '?', 'not-run': '–' } as const;

/** One row for all cells which ended alike, so that repeats do not drown the one that differs. */
export function table(cells: readonly CellResult[], screen: Screen): string[] {
  const colours = paint(screen);
  const rows = alike(cells).map(({ cell, count }) => {
    const times = count > 1 ? `  ×${count}` : '';
    return { cell, times, texts: cell.findings === null ? undefined : columnsOf(cell) };
  });
  // Only labs with several possible outcomes have the last column.
  const hasOutcome = cells.some(({ outcome }) => outcome !== null);
  const headings = hasOutcome ? HEADINGS : HEADINGS.slice(0, -1);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(({ texts }) => texts?.[column]?.length ?? 0)),
  );
  const wide = widths.reduce((sum, width) => sum + width + 2, 12) <= screen.columns;
  const lines = rows.flatMap(({ cell, times, texts }) => {
    const sign = {
      pass: colours.green,
      fail: colours.red,
      unknown: colours.yellow,
      'not-run': colours.dim,
    };
    const mark = sign[cell.verdict](SYMBOL[cell.verdict]);
    if (texts === undefined) {
      const head = row([runtime(cell.client).padEnd(widths[0] ?? 0), `${cell.verdict}:`], []);
      return wrap(plain(cell.reason), screen.columns - 8).flatMap((line, index) =>
        index === 0 ? [`  ${mark} ${head}`, `      ${line}`] : [`      ${line}`],
      );
    }
    if (wide) return [`  ${mark} ${row(texts, widths)}${times}`];
    const [who = '', at = '', what = '', ...network] = texts;
    const below = network.filter((text) => text !== '').join(' · ');
    const indent = (widths[0] ?? 0) + (widths[1] ?? 0) + 8;
    return [
      `  ${mark} ${row([who, at, cut(what, screen.columns - indent - times.length)], widths)}${times}`,
      colours.dim(`${' '.repeat(indent)}${cut(below, screen.columns - indent)}`),
    ];
  });
  const heading = row(wide ? headings : headings.slice(0, 3), widths);
  return [colours.dim(`    ${heading}`), ...lines];
}

const HEADINGS = ['client', 'at', 'surfaced as', 'packets', 'kernel', 'outcome'];

function columnsOf(cell: CellResult): string[] {
  const step = tellingStep(cell);
  const open = openStep(cell);
  return [
    runtime(cell.client),
    open ?? step?.step ?? '',
    open ? notEnded(cell) : surfaced(step),
    packetsSeen(cell),
    kernelSaid(cell),
    cell.outcome?.name ?? '',
  ];
}

function alike(cells: readonly CellResult[]): { cell: CellResult; count: number }[] {
  const groups = new Map<string, { cell: CellResult; count: number }>();
  for (const cell of cells) {
    const { verdict, reason } = cell;
    const key = JSON.stringify([verdict, ...columnsOf(cell), verdict === 'not-run' && reason]);
    const group = groups.get(key) ?? { cell, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}
