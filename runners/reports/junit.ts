import type { CellResult, DifferenceOfRun, NeverMet, RunResult } from '../results/result.ts';
import { differenceProblem, nameOf } from '../verdict/strict.ts';
import { repeatCommand } from './repeat.ts';
import { failure } from './terminal/failure.ts';
import { runtime, storyName } from './terminal/summary.ts';
import { plain } from './terminal/text.ts';
import { type Element, xml } from './xml.ts';

/** Wide enough for a timeline; readers of the file wrap it themselves. */
const SCREEN = { columns: 120, colour: false };

/**
 * A run as JUnit XML, in the form that Jenkins, GitLab and others read (junit-10.xsd): a suite for each lab
 * in each engine, a case for each cell. What is unknown is an error, what was not run is skipped. Differences
 * stand in a suite of their own.
 *
 * @param folder where the run's evidence lies, as a reader finds it
 */
export function junitReport(run: RunResult, folder: string): string {
  const suites = [...cellSuites(run, folder), ...differenceSuite(run)];
  const sum = (key: 'tests' | 'failures' | 'errors') =>
    suites.reduce((total, { attributes }) => total + Number(attributes?.[key]), 0);
  return xml({
    name: 'testsuites',
    attributes: {
      name: `reset-labs ${run.id}`,
      ...{ tests: sum('tests'), failures: sum('failures'), errors: sum('errors') },
      time: seconds(run.durationMs),
    },
    children: suites,
  });
}

function cellSuites(run: RunResult, folder: string): Element[] {
  const suites = new Map<string, CellResult[]>();
  for (const cell of run.cells) {
    const name = `${cell.engine} · ${cell.number} ${cell.lab}`;
    suites.set(name, [...(suites.get(name) ?? []), cell]);
  }
  const told = new Set<string>();
  return [...suites].map(([name, cells]) => {
    const lab = cells[0]?.lab ?? '';
    // Of all engines together, so only once.
    const notes = told.has(lab) ? [] : run.neverMet.filter((one) => one.lab === lab);
    told.add(lab);
    return suite(name, run, {
      properties: propertiesOf(run, cells),
      cases: cells.map((cell) => cellCase(cell, folder)),
      durationMs: cells.reduce((sum, { durationMs }) => sum + durationMs, 0),
      ...(notes.length > 0 ? { out: notes.map(describeNeverMet).join('\n') } : {}),
    });
  });
}

function propertiesOf(run: RunResult, cells: readonly CellResult[]): [string, string][] {
  const [first] = cells;
  const engine = run.engines.find(({ name }) => name === first?.engine);
  const runtimes = cells
    .flatMap(({ client, server }) => [client, server])
    .filter(({ version }) => version !== null)
    .map((program) => [`runtime.${program.language}`, runtime(program)] as const);
  const versions = new Map<string, Set<string>>();
  for (const [key, value] of runtimes) {
    versions.set(key, (versions.get(key) ?? new Set()).add(value));
  }
  const { shard, revision, machine } = run;
  return [
    ['run', run.id],
    ['command', run.command],
    ...(revision?.commit ? [['commit', revision.commit] as [string, string]] : []),
    ...run.absent.map(({ name, why }): [string, string] => [`absent.${name}`, why]),
    ...run.leftOut.map(({ language, because, cells: count }): [string, string] => [
      `leftOut.${language}`,
      `${count} cells: ${because}`,
    ]),
    ...(shard ? [['shard', `${shard.index}/${shard.count}`] as [string, string]] : []),
    ['engine', engine ? `${engine.title} (${engine.why})` : (first?.engine ?? '')],
    ['kernel', engine?.kernel ?? machine.kernel],
    ['arch', machine.arch],
    ['processors', String(machine.cpus)],
    ...[...versions].sort().map(([key, all]): [string, string] => [key, [...all].join(', ')]),
  ];
}

function cellCase(cell: CellResult, folder: string): Element {
  const { verdict, reason, engine, number, lab, durationMs } = cell;
  const message = plain(reason);
  const more = [
    ...(cell.pcap === null ? [] : [`evidence  ${folder}/${cell.pcap}`]),
    `again     ${repeatCommand(cell)}`,
  ].join('\n');
  const told: Record<CellResult['verdict'], Element[]> = {
    pass: [],
    fail: [
      {
        name: 'failure',
        attributes: { message, type: 'contradicted' },
        text: failure(cell, SCREEN, folder).slice(1).join('\n'),
      },
    ],
    unknown: [
      { name: 'error', attributes: { message, type: 'unknown' }, text: `${message}\n${more}` },
    ],
    'not-run': [{ name: 'skipped', attributes: { message } }],
  };
  return {
    name: 'testcase',
    attributes: {
      name: caseName(cell),
      classname: `reset-labs.${engine}.${number}-${lab}`,
      time: seconds(durationMs),
    },
    children: [
      ...told[verdict],
      ...(verdict === 'not-run' ? [{ name: 'system-out', text: more }] : []),
    ],
  };
}

/** `04 crash-server (java → python) #1` */
function caseName(cell: CellResult): string {
  const over = cell.ip === 6 ? ' over IPv6' : '';
  const server = cell.server.program === 'none' ? 'no server' : named(cell.server);
  return `${storyName(cell)} (${named(cell.client)} → ${server})${over} #${cell.repeat}`;
}

function named({ language, asked }: CellResult['client']): string {
  return asked === null ? language : `${language}@${asked}`;
}

function differenceSuite(run: RunResult): Element[] {
  if (run.differences.length === 0) return [];
  const cases = run.differences.map((difference): Element => {
    const { number, lab } = difference;
    return {
      name: 'testcase',
      attributes: {
        name: nameOf(difference),
        classname: `reset-labs.differences.${number}-${lab}`,
        time: seconds(0),
      },
      children: verdictOnDifference(difference),
    };
  });
  return [suite('known differences', run, { properties: [], cases, durationMs: 0 })];
}

function verdictOnDifference(difference: DifferenceOfRun): Element[] {
  const { standing, cells, needed, because, link } = difference;
  if (standing === 'needed') {
    const text = `${because}\n${link}\nneeded in ${needed} of ${cells} cells`;
    return [{ name: 'system-out', text: lines(text) }];
  }
  const message = plain(differenceProblem(difference));
  if (standing === 'not needed') {
    return [{ name: 'failure', attributes: { message, type: 'not needed' } }];
  }
  const few = `needed in none of ${cells} cells, which are too few to say that it is not needed`;
  return [{ name: 'skipped', attributes: { message: few } }];
}

function describeNeverMet(one: NeverMet): string {
  return plain(`not met in this run: ${nameOf(one)}: ${one.outcome}, 0 of ${one.cells} cells`);
}

function suite(
  name: string,
  { startedAt }: RunResult,
  {
    properties,
    cases,
    durationMs,
    out,
  }: {
    readonly properties: readonly (readonly [string, string])[];
    readonly cases: readonly Element[];
    readonly durationMs: number;
    readonly out?: string;
  },
): Element {
  const count = (child: string) =>
    cases.filter(({ children }) => children?.some((one) => one.name === child)).length;
  return {
    name: 'testsuite',
    attributes: {
      name,
      tests: cases.length,
      ...{ failures: count('failure'), errors: count('error'), skipped: count('skipped') },
      time: seconds(durationMs),
      timestamp: startedAt.slice(0, 19),
    },
    children: [
      {
        name: 'properties',
        children: properties.map(([key, value]) => ({
          name: 'property',
          attributes: { name: key, value: plain(value) },
        })),
      },
      ...cases,
      ...(out === undefined ? [] : [{ name: 'system-out', text: out }]),
    ].filter(({ name, children }) => name !== 'properties' || (children?.length ?? 0) > 0),
  };
}

function lines(text: string): string {
  return text.split('\n').map(plain).join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
