import type { NamedLab } from '../catalog/lab.ts';
import { type NamedLanguage, USUAL } from '../catalog/language.ts';
import type { ProgramName } from '../catalog/programs.ts';
import { commandsOf } from '../catalog/programs.ts';
import { shownBy } from '../verdict/shown.ts';
import {
  differenceShown,
  packetsExpected,
  packetsShown,
  stepsShown,
  tellingExpected,
} from './course.ts';
import { diff, likeness } from './diff.ts';
import { block, details, joined, paragraphs, sentence, table } from './markdown.ts';
import type { Sources } from './sources.ts';
import { expectedOfCell, isChance, type Told, type ToldLab } from './told.ts';

/** An exercise of the workshop, in which a participant finds a cure. */
export type CureToFind = {
  /** The lab's: `04-crash-server`. */
  readonly folder: string;
  readonly cure: string;
  readonly changes: 'client' | 'server';
};

/** The cures of a lab: what each client showed, and what changes in the programs. */
export function cures(
  { cured, plain, name, folder }: ToldLab,
  languages: readonly NamedLanguage[],
  sources: Sources,
  toFind: readonly CureToFind[],
): string[] {
  const own = toFind.filter((one) => one.folder === folder);
  const shown = new Set<string>();
  return paragraphs(
    ...cured.flatMap((told) => {
      const { story } = told;
      const before = (plain.find((one) => one.story.variant === story.variant) ?? plain[0])?.story;
      const option = story.cure === null ? '' : ` --variant ${story.cure}`;
      return [
        [`### ${story.cure}`],
        [`${sentence(story.title)} ${sentence(story.why)}`],
        block([`npm run lab ${name} -- --cured${option}`], 'sh'),
        table(['client', 'its steps', 'packets'], joined(coursesOf(told, languages))),
        notes(told),
        exercise(name, own, story.cure),
        ...(before ? changes(before, story, languages, sources, shown) : []),
      ];
    }),
  );
}

function exercise(lab: string, toFind: readonly CureToFind[], name: NamedLab['cure']): string[] {
  const found = toFind.find(({ cure }) => cure === name);
  if (found === undefined) return [];
  // The first is taken where none is named.
  const option = found === toFind[0] ? '' : ` -- --exercise ${found.cure}`;
  const given =
    found.changes === 'client' ? 'the client that has failed' : 'a server that fails so';
  return [
    `To find it yourself, before you read on: \`npm run check ${lab}${option}\` gives you ${given}, and tries what you make of it.`,
  ];
}

function coursesOf({ story, cells }: Told, languages: readonly NamedLanguage[]): string[][] {
  return cells.flatMap((cell) => {
    const { language } = cell.client;
    if (!isChance(story, cell)) return [[language, stepsShown(cell), packetsShown(cell)]];
    const faces: Pick<NamedLanguage, 'faces' | 'hides' | 'endsAs'> = languages.find(
      ({ name }) => name === language,
    ) ?? { faces: {} };
    return expectedOfCell(story, cell).map((one) => {
      const { at, text } = tellingExpected(one, faces);
      const steps = shownBy(one.client, faces).map(({ shown }) => shown.replace(/ ok$/, ''));
      const telling = steps.findIndex((step) => step.startsWith(`${at} `));
      const shown = steps.map((step, index) => (index === telling ? `${at} → ${text}` : step));
      const who = 'outcome' in one ? `${language}, *${one.outcome}*` : language;
      return [who, shown.join(', '), packetsExpected(one)];
    });
  });
}

function notes({ story, cells }: Told): string[] {
  const lines = new Set<string>();
  for (const cell of cells) {
    const difference = differenceShown(cell);
    if (difference !== undefined) lines.add(difference);
    if (!isChance(story, cell)) continue;
    for (const one of expectedOfCell(story, cell)) {
      if ('outcome' in one) lines.add(`- *${one.outcome}*: ${sentence(one.because)}`);
    }
  }
  return [...lines];
}

/** What the cure changes: programs, their arguments, settings of the hosts. */
function changes(
  before: NamedLab,
  after: NamedLab,
  languages: readonly NamedLanguage[],
  sources: Sources,
  shown: Set<string>,
): string[][] {
  const [old, now] = [commandsOf(before, 'HOST', 5000), commandsOf(after, 'HOST', 5000)];
  const settings = settingsOf(before, after);
  return [
    settings,
    ...(['client', 'server'] as const).flatMap((role) => {
      const [from, to] = [old[role].program, now[role].program];
      if (from === to) return argumentsOf(role, old[role].words, now[role].words);
      if (shown.has(`${from} ${to}`)) return [[`The ${role} is changed as above.`]];
      shown.add(`${from} ${to}`);
      return programs(role, [from, to], languages, sources);
    }),
  ];
}

/** Below this, a difference would be two programs, one after the other. */
const ALIKE = 0.3;

/** The difference between the plain program and that of the cure, or a link where they have little in common. */
function programs(
  role: string,
  [from, to]: readonly [ProgramName, ProgramName],
  languages: readonly NamedLanguage[],
  sources: Sources,
): string[][] {
  const pairsFrom = (plain: ProgramName) =>
    languages.flatMap((language) => {
      const [before, after] = [plain, to].map((name) => sources.get(`${language.name} ${name}`));
      // A flavour may be without cures, a language without TLS.
      if (!before || !after) return [];
      return [{ language, before, after, alike: likeness(before.text, after.text) }];
    });
  // A client that cures is made from `ask`, or from the lab's own.
  const [pairs = []] = (role === 'client' ? [from, 'ask' as const] : [from])
    .map(pairsFrom)
    .sort((a, b) => sum(b) - sum(a));
  const isUsual = ({ language }: (typeof pairs)[number]) => USUAL.includes(language.name);
  const linksTo = (those: typeof pairs) =>
    those
      .map(({ language, after }) => `[${language.title}](../programs/${language.of}/${after.file})`)
      .join(', ');
  const usual = pairs.filter(isUsual);
  if (usual.some(({ alike }) => alike < ALIKE)) {
    return [[`The ${role} is another program, \`${to}\`: ${linksTo(pairs)}.`]];
  }
  // The others' would fill the page, and say the same.
  const others = linksTo(pairs.filter((pair) => !isUsual(pair)));
  return [
    ...usual.map(({ language, before, after }) =>
      details(
        `What changes in the ${role}: ${language.title}, from <code>${before.file}</code> to <code>${after.file}</code>`,
        block(
          [`--- ${before.file}`, `+++ ${after.file}`, ...diff(before.text, after.text)],
          'diff',
        ),
      ),
    ),
    others === '' ? [] : [`The ${role} in other languages: ${others}.`],
  ];
}

function sum(pairs: readonly { readonly alike: number }[]): number {
  return pairs.reduce((total, { alike }) => total + alike, 0);
}

function argumentsOf(
  role: string,
  before: readonly string[],
  after: readonly string[],
): string[][] {
  const [old, now] = [before, after].map((words) => words.slice(role === 'client' ? 2 : 1));
  if (!old || !now || old.join(' ') === now.join(' ')) return [];
  const shown = (words: readonly string[]) => `\`${words.join(' ')}\``;
  if (old.length === 0) return [[`The ${role} is called with ${shown(now)}.`]];
  return [[`The ${role} is called with ${shown(now)} in place of ${shown(old)}.`]];
}

function settingsOf(before: NamedLab, after: NamedLab): string[] {
  const lines = Object.entries(after.sysctls ?? {}).flatMap(([host, sysctls]) =>
    Object.entries(sysctls).flatMap(([name, value]) => {
      const old = before.sysctls?.[host as keyof typeof before.sysctls]?.[name];
      if (old === value) return [];
      const was = old === undefined ? '' : ` (it was ${old})`;
      return [`- On the ${host}: \`sysctl ${name}=${value}\`${was}`];
    }),
  );
  const [idle, wasIdle] = [after.balancer?.idleMs, before.balancer?.idleMs];
  if (idle !== undefined && idle !== wasIdle) {
    lines.push(`- On the balancer: \`timeout client ${idle}ms\` (it was ${wasIdle}ms)`);
  }
  return lines;
}
