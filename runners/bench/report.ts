import type { EngineName } from '../engines/engine.ts';

/** Medians of some rounds of `lab crash-server`, three clients at once, warm; milliseconds. */
export type LabTimes = {
  readonly engine: EngineName;
  readonly startMs: number;
  readonly labMs: number;
  readonly endMs: number;
  readonly floorMs: number;
  /** Processor time of the whole machine. */
  readonly busyMs: number;
};

/** One run of `verify`; milliseconds. */
export type MatrixTimes = {
  readonly engine: EngineName;
  readonly cells: number;
  /** Those that did not pass. */
  readonly others: number;
  readonly wallMs: number;
  /** Processor time of the whole machine. */
  readonly busyMs: number;
  /** Of it, that of the example programs. */
  readonly programsMs: number;
};

export type Benchmark = {
  /** What was measured on. */
  readonly machine: string;
  readonly processors: number;
  readonly rounds: number;
  readonly labs: readonly LabTimes[];
  readonly matrices: readonly MatrixTimes[];
  readonly compose: { readonly ms: number; readonly command: string } | undefined;
  readonly notes: readonly string[];
};

/** The figures as tables in Markdown, which a person can read in a terminal, too. */
export function benchmarkReport(benchmark: Benchmark): string[] {
  const { machine, rounds, labs, matrices, notes } = benchmark;
  return [
    machine,
    '',
    `One lab: \`npm run lab crash-server\`, three clients at once, warm; medians of ${rounds} rounds.`,
    '',
    ...table(
      ['engine', 'start', 'lab', 'end', 'floor', 'lab / floor', 'processor time'],
      labs.map((one) => [
        one.engine,
        ms(one.startMs),
        ms(one.labMs),
        ms(one.endMs),
        ms(one.floorMs),
        ratio(one.labMs, one.floorMs),
        ms(one.busyMs),
      ]),
    ),
    '',
    'The whole matrix: `npm run verify`, all stories and cures in all pairs of languages; one run.',
    '',
    ...table(
      [
        'engine',
        'cells',
        'time',
        'per cell',
        'processor time',
        "the programs'",
        'floor',
        'time / floor',
      ],
      matrices.map((one) => {
        const floorMs = one.programsMs / benchmark.processors;
        return [
          one.engine,
          one.others === 0 ? `${one.cells}` : `${one.cells} (${one.others} not passed)`,
          seconds(one.wallMs),
          ms(one.wallMs / one.cells),
          seconds(one.busyMs),
          seconds(one.programsMs),
          seconds(floorMs),
          ratio(one.wallMs, floorMs),
        ];
      }),
    ),
    '',
    ...comparisons(benchmark),
    ...notes.map((note) => `- ${note}`),
  ];
}

function comparisons({ matrices, compose }: Benchmark): string[] {
  const [local, docker] = (['local', 'docker'] as const).map((name) => {
    const own = matrices.find(({ engine }) => engine === name);
    return own && own.wallMs / own.cells;
  });
  const lines: string[] = [];
  if (local && docker) {
    lines.push(
      `- A cell of the matrix in Docker takes ${ratio(docker, local)} times that of the local engine.`,
    );
  }
  if (compose === undefined) lines.push('- No compose command is installed: not compared.');
  else {
    const faster = docker
      ? `, ${ratio(compose.ms, docker)} times a cell of the matrix in Docker`
      : '';
    lines.push(
      `- Up and down of three containers, for client, server and tcpdump, by ${compose.command}: ${ms(compose.ms)}${faster}.`,
    );
  }
  return lines;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function seconds(value: number): string {
  return `${(value / 1000).toFixed(1)} s`;
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}
