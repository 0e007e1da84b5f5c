import type { CellResult } from '../../results/result.ts';
import { failure } from './failure.ts';
import { runtime, storyName } from './summary.ts';
import { table } from './table.ts';
import { paint, plain, type Screen, wrap } from './text.ts';
import { timeline } from './timeline.ts';

/** All that a person wants to see of one lab's cells in one engine. */
export function labReport(
  cells: readonly CellResult[],
  screen: Screen,
  context: {
    engineTitle: string;
    kernel: string;
    showTimeline: boolean;
    verbose: boolean;
    /** The run's. */
    folder?: string | undefined;
  },
): string[] {
  const colours = paint(screen);
  const [first] = cells;
  if (!first) return [];
  const wanted = cells.filter(({ server }) => server.program !== 'none');
  const ran = wanted.filter(({ server }) => server.version !== null);
  const named = ran.length > 0 ? ran : wanted;
  const servers = [...new Set(named.map(({ server }) => runtime(server)))];
  const where = [
    `${context.engineTitle} engine`,
    servers.length > 0 ? `server: ${servers.join(', ')}` : 'no server',
    `Linux ${context.kernel}`,
  ];
  return [
    ...wrap(`${storyName(first)}   ${first.title}`, screen.columns).map((line) =>
      colours.bold(line),
    ),
    colours.dim(where.join(' · ')),
    '',
    ...table(cells, screen),
    ...notes(cells, screen),
    ...cells
      .filter(({ verdict }) => verdict === 'fail')
      .flatMap((cell) => failure(cell, screen, context.folder)),
    ...(context.showTimeline ? story(cells, screen, context.verbose) : []),
  ];
}

/** The causes of outcomes, the true exceptions of languages, and the evidence that was not there. */
function notes(cells: readonly CellResult[], screen: Screen): string[] {
  const colours = paint(screen);
  const texts = new Set<string>();
  const links = new Map<string, string>();
  for (const { client, because, difference, outcome, findings, kernel, verdict, reason } of cells) {
    if (outcome !== null) texts.add(`${outcome.name}: ${outcome.because}`);
    if (because !== null && difference !== null) {
      const { client: asClient, server: asServer } = difference;
      const who = [
        ...(asClient === null ? [] : [asClient]),
        ...(asServer === null ? [] : [`${asServer} server`]),
      ];
      const text = `${who.join(', ') || client.language}: ${because}`;
      texts.add(text);
      links.set(text, difference.link);
    }
    if (verdict === 'unknown' && findings) texts.add(`unknown: ${reason}`);
    if (kernel.noReasons !== null && kernel.hosts !== null) {
      texts.add(`no reasons of the kernel: ${kernel.noReasons}`);
    }
    for (const [witness, finding] of Object.entries(findings ?? {})) {
      if (finding.agreement === 'unavailable') texts.add(`no ${witness}: ${finding.observed}`);
    }
  }
  const lines = [...texts].flatMap((text) => {
    const link = links.get(text);
    // An address stays whole, so that it can be opened.
    return [...wrap(plain(text), screen.columns - 6), ...(link === undefined ? [] : [`  ${link}`])];
  });
  return lines.length === 0 ? [] : ['', ...lines.map((line) => colours.dim(`    ${line}`))];
}

function story(cells: readonly CellResult[], screen: Screen, verbose: boolean): string[] {
  const told = cells.filter(({ verdict, packets }) => verdict !== 'fail' && packets !== null);
  return (verbose ? told : told.slice(0, 1)).flatMap((cell) => [
    '',
    ...timeline(cell, screen, verbose),
  ]);
}
