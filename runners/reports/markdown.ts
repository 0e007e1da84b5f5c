import { CAUSES } from '../catalog/lab.ts';
import type { CellResult, RunResult } from '../results/result.ts';
import { differenceProblem, nameOf } from '../verdict/strict.ts';
import { reasonsNotRun } from './not-run.ts';
import { repeatCommand } from './repeat.ts';
import { failure } from './terminal/failure.ts';
import {
  kernelSaid,
  notEnded,
  openStep,
  packetsSeen,
  runtime,
  storyName,
  surfaced,
  tellingStep,
} from './terminal/summary.ts';
import { cut, plain } from './terminal/text.ts';

/** What GitHub takes for the summary of one step of a job, in bytes, with room for others in it. */
const MOST_BYTES = 1_000_000;

const SCREEN = { columns: 120, colour: false };

const VERDICTS = ['pass', 'fail', 'unknown', 'not-run'] as const;

/**
 * A run as Markdown for the page of a CI job: totals; what failed, with all that is known of it; what is
 * unknown and what was not run; then, folded, what each client showed. What programs printed or a machine
 * said is inert: it stands in code blocks, or has no character that Markdown, HTML or GitHub reads.
 *
 * @param folder where the run's evidence lies, as a reader finds it
 */
export function markdownSummary(run: RunResult, folder: string): string {
  const parts = [
    ...[headline(run), machines(run), totals(run.cells), outdated(run)],
    ...run.cells.filter(({ verdict }) => verdict === 'fail').map((cell) => failed(cell, folder)),
    ...[unknown(run.cells), notRun(run.cells), neverMet(run), differences(run)],
    ...shown(run.cells),
  ].filter((lines) => lines.length > 0);
  return fitting(parts, folder);
}

/** As many parts as there is room for; what follows is named in place of being cut in its middle. */
function fitting(parts: readonly (readonly string[])[], folder: string): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const [index, part] of parts.entries()) {
    const text = `${part.join('\n')}\n`;
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > MOST_BYTES) {
      const left = parts.length - index;
      kept.push(
        `**This page is full: ${left} of its ${parts.length} parts are left out.** All is in ${inline(`${folder}/run.json`)}.\n`,
      );
      break;
    }
    kept.push(text);
  }
  return kept.join('\n');
}

function headline({
  verdict,
  cells,
  planned,
  interrupted,
  durationMs,
  shard,
}: RunResult): string[] {
  const sign = { pass: '✅', fail: '❌', unknown: '❔' }[verdict];
  const counts = VERDICTS.map((one) => [one, count(cells, one)] as const)
    .filter(([, number]) => number > 0)
    .map(([one, number]) => `${number} ${one}`);
  const part = shard ? `, shard ${shard.index} of ${shard.count}` : '';
  const lost =
    cells.length < planned ? ` **Only ${cells.length} of ${planned} have a result.**` : '';
  const ended = interrupted ? ' **It was interrupted.**' : '';
  return [
    `## ${sign} Reset Labs: ${verdict}`,
    '',
    `${cells.length} cells${part}: ${counts.join(', ') || 'none'}, in ${(durationMs / 1000).toFixed(1)} s.${lost}${ended}`,
  ];
}

function machines(run: RunResult): string[] {
  const { engines, absent, leftOut, machine, revision, command, cells } = run;
  const runtimes = cells
    .flatMap(({ client, server }) => [client, server])
    .filter(({ version }) => version !== null)
    .map(runtime);
  return [
    ...engines.map(
      ({ title, kernel, why }) =>
        `- ${inline(title)} engine (${inline(why)}), Linux ${inline(kernel)}`,
    ),
    ...absent.map(({ name, why }) => `- no ${name} engine, it is not there: ${inline(why)}`),
    ...leftOut.map(
      ({ language, because, cells: count }) =>
        `- ${inline(language)}: ${count} cells are not planned: ${inline(because)}`,
    ),
    `- ${inline([...new Set(runtimes)].sort().join(', ') || 'no runtime')}; ${inline(machine.arch)}, ${machine.cpus} processors`,
    ...(revision?.commit ? [`- commit ${code(revision.commit)}`] : []),
    `- ${code(command)}`,
  ];
}

function totals(cells: readonly CellResult[]): string[] {
  const engines = [...new Set(cells.map(({ engine }) => engine))];
  const row = (engine: string, cause: string, own: readonly CellResult[]) =>
    own.length === 0
      ? []
      : [[engine, cause, ...VERDICTS.map((verdict) => String(count(own, verdict) || ''))]];
  const rows = engines.flatMap((engine) => {
    const own = cells.filter((cell) => cell.engine === engine);
    return [
      ...CAUSES.flatMap((cause) =>
        row(
          engine,
          cause,
          own.filter(({ causes }) => causes.includes(cause)),
        ),
      ),
      ...row(engine, '**all**', own),
    ];
  });
  if (rows.length === 0) return [];
  return [
    ...table(['engine', 'cause', ...VERDICTS], rows),
    '',
    'A lab with two causes counts in both.',
  ];
}

function outdated({ differences }: RunResult): string[] {
  const wrong = differences.filter(({ standing }) => standing === 'not needed');
  if (wrong.length === 0) return [];
  return [
    '### ❌ Known differences that are not needed any more',
    '',
    ...block(wrong.map(differenceProblem)),
  ];
}

function failed(cell: CellResult, folder: string): string[] {
  return [`### ❌ ${cellName(cell)}`, '', ...block(failure(cell, SCREEN, folder).slice(1))];
}

function unknown(cells: readonly CellResult[]): string[] {
  const own = cells.filter(({ verdict }) => verdict === 'unknown');
  if (own.length === 0) return [];
  return [
    `### ❔ ${own.length} unknown`,
    '',
    ...block(
      own
        .slice(0, MOST_LISTED)
        .flatMap((cell) => [`${plainName(cell)}: ${cell.reason}`, `  ${repeatCommand(cell)}`]),
    ),
    ...rest(own.length),
  ];
}

/** Lists are for reading; all of it is in run.json. */
const MOST_LISTED = 100;

function rest(all: number): string[] {
  return all > MOST_LISTED ? ['', `… and ${all - MOST_LISTED} more.`] : [];
}

function notRun(cells: readonly CellResult[]): string[] {
  const reasons = reasonsNotRun(cells);
  if (reasons.length === 0) return [];
  return [
    `### ${count(cells, 'not-run')} not run`,
    '',
    ...block(
      reasons.slice(0, MOST_LISTED).map((one) => `${String(one.count).padStart(5)}  ${one.reason}`),
    ),
    ...rest(reasons.length),
  ];
}

function neverMet({ neverMet }: RunResult): string[] {
  if (neverMet.length === 0) return [];
  return folded(
    `Outcomes that were not met in this run: ${neverMet.length}`,
    table(
      ['story', 'outcome', 'its cause', 'seen in'],
      neverMet.map((one) => [
        inline(nameOf(one)),
        inline(one.outcome),
        inline(one.because),
        `0 of ${one.cells} cells`,
      ]),
    ),
  );
}

function differences({ differences }: RunResult): string[] {
  if (differences.length === 0) return [];
  return folded(
    `Known differences of languages: ${differences.length}`,
    table(
      ['story', 'because', 'needed in', ''],
      differences.map((one) => [
        inline(nameOf(one)),
        `${inline(one.because)} ([source](${one.link}))`,
        `${one.needed} of ${one.cells} cells`,
        one.standing,
      ]),
    ),
  );
}

/** What each client showed, folded, a part for each lab in each engine. */
function shown(cells: readonly CellResult[]): string[][] {
  const groups = new Map<string, CellResult[]>();
  for (const cell of cells.filter(({ findings }) => findings !== null)) {
    const name = `${cell.engine} · ${cell.number} ${cell.lab}`;
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups].map(([name, own]) => {
    const rows = new Map<string, { texts: string[]; times: number }>();
    for (const cell of own) {
      const texts = rowOf(cell);
      const key = texts.join('\n');
      const row = rows.get(key) ?? { texts, times: 0 };
      row.times += 1;
      rows.set(key, row);
    }
    const lines = [...rows.values()]
      .sort((a, b) => compare(a.texts, b.texts) || b.times - a.times)
      .map(({ texts, times }) => [...texts, String(times)]);
    const headings = ['', 'story', 'client', 'server', 'at', 'surfaced as', 'packets', 'kernel'];
    return folded(name, table([...headings, 'outcome', 'cells'], lines.slice(0, MOST_LISTED)));
  });
}

/** By story, client and server. */
function compare(one: readonly string[], other: readonly string[]): number {
  const [a, b] = [one, other].map((texts) => texts.slice(1, 4).join('\n'));
  return (a ?? '').localeCompare(b ?? '');
}

const SIGNS = { pass: '✅', fail: '❌', unknown: '❔', 'not-run': '–' } as const;

function rowOf(cell: CellResult): string[] {
  const step = tellingStep(cell);
  const open = openStep(cell);
  return [
    SIGNS[cell.verdict],
    ...[
      storyName(cell),
      runtime(cell.client),
      cell.server.program === 'none' ? 'none' : runtime(cell.server),
      open ?? step?.step ?? '',
      cut(open ? notEnded(cell) : surfaced(step), 300),
      packetsSeen(cell),
      cut(kernelSaid(cell), 300),
      cell.outcome?.name ?? '',
    ].map(inline),
  ];
}

function cellName(cell: CellResult): string {
  return inline(plainName(cell));
}

function plainName(cell: CellResult): string {
  const server = cell.server.program === 'none' ? 'no server' : runtime(cell.server);
  const over = cell.ip === 6 ? ' over IPv6' : '';
  return `${storyName(cell)} (${runtime(cell.client)} → ${server}, ${cell.engine})${over} #${cell.repeat}`;
}

function count(cells: readonly CellResult[], verdict: CellResult['verdict']): number {
  return cells.filter((cell) => cell.verdict === verdict).length;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}

function folded(summary: string, lines: readonly string[]): string[] {
  return ['<details>', `<summary>${inline(summary)}</summary>`, '', ...lines, '', '</details>'];
}

/** Lines as they are, whatever is in them: nothing ends the block but a longer fence than they have. */
function block(lines: readonly string[]): string[] {
  const inert = lines.map((line) => cut(plain(line), 2000));
  const ticks = inert.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length);
  const fence = '`'.repeat(Math.max(3, ...ticks.map((length) => length + 1)));
  return [`${fence}text`, ...inert, fence];
}

function code(text: string): string {
  return `<code>${inline(text)}</code>`;
}

/** Stands within a word and is not seen. */
const WORD_JOINER = '&#8288;';

/**
 * Text within a line. Each character that could be read as Markdown or HTML is a character reference, which
 * CommonMark takes for the character and never for structure (section 2.5). After what GitHub would make a
 * mention, a link, a reference or a picture of, a word joiner stands.
 */
function inline(text: string): string {
  return plain(text)
    .replaceAll(/[^\p{L}\p{N} .,:;/()=+·→…-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll(/:(?=\/\/|[\w+-]+:)|&#64;|&#35;(?=\d)/g, (found) => `${found}${WORD_JOINER}`)
    .replaceAll(/\b(www)(?=\.)/gi, `$1${WORD_JOINER}`);
}
