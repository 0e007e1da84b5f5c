import type { NamedLanguage } from '../catalog/language.ts';
import { notEnded, openStep, surfaced, tellingStep } from '../reports/terminal/summary.ts';
import type { CellResult } from '../results/result.ts';
import {
  differenceShown,
  packetsExpected,
  packetsShown,
  surpriseShown,
  tellingExpected,
} from './course.ts';
import { reasonShown } from './kernel.ts';
import { code, joined, paragraphs, sentence, table } from './markdown.ts';
import { expectedOfCell, isChance, type Told, type ToldLab } from './told.ts';

/** What each client showed, a table for each story of the lab. */
export function observed({ name, plain }: ToldLab, languages: readonly NamedLanguage[]): string[] {
  return paragraphs(
    ...plain.flatMap((told) => ofStory(told, languages)),
    ...surprises(name, languages),
  );
}

/** What somebody who knows TCP would not expect of languages in this lab. */
function surprises(lab: string, languages: readonly NamedLanguage[]): string[][] {
  const lines = languages.flatMap(({ name, surprises: own = [] }) =>
    own
      .filter(({ labs }) => labs.includes(lab))
      .map((surprise) => `- ${name} ${surpriseShown(surprise)}`),
  );
  return lines.length === 0 ? [] : [['What you might not expect:'], lines];
}

function ofStory(told: Told, languages: readonly NamedLanguage[]): string[][] {
  const { story, cells } = told;
  const certain = cells.filter((cell) => !isChance(story, cell));
  return [
    ...(story.variant === null ? [] : [[`### ${story.variant}`]]),
    [`${sentence(story.title)} ${sentence(story.why)}`],
    certain.length > 0 ? table(HEADINGS, rows(told, certain)) : [],
    differences(told),
    ...byChance(told, languages),
  ];
}

const HEADINGS = ['client', 'at', 'surfaced as', 'packets', "the kernel's reason"];

/** A row for each way in which it was shown, with all the languages that show it so. */
function rows({ story }: Told, cells: readonly CellResult[]): string[][] {
  return joined(
    cells.map((cell) => {
      const reason = expectedOfCell(story, cell)[0]?.kernel.reason ?? 'none';
      const { language } = cell.client;
      return [language, ...surfacedAt(cell), packetsShown(cell), reasonShown(reason)];
    }),
  );
}

/** All that may come of a story for those clients for which it is chance, a row for each outcome. */
function byChance({ story, cells }: Told, languages: readonly NamedLanguage[]): string[][] {
  const groups = new Map<ReturnType<typeof expectedOfCell>, CellResult[]>();
  for (const cell of cells.filter((one) => isChance(story, one))) {
    const expected = expectedOfCell(story, cell);
    const group = groups.get(expected);
    if (group) group.push(cell);
    else groups.set(expected, [cell]);
  }
  return [...groups].flatMap(([expected, group]) => {
    const names = group.map(({ client }) => client.language);
    const rows = expected.map((one) => {
      const shown = names.map((name) => {
        const { at, text } = tellingExpected(one, faces(name));
        return { name, text: `${at}: ${text}` };
      });
      const all = [...new Set(shown.map(({ text }) => text))];
      const who = (text: string) => shown.flatMap((own) => (own.text === text ? own.name : []));
      const texts = all.length === 1 ? all : all.map((text) => `${who(text).join(', ')}: ${text}`);
      return [
        `*${outcomeOf(one)}*`,
        texts.join('<br>'),
        packetsExpected(one),
        reasonShown(one.kernel.reason),
      ];
    });
    return [
      [`For ${names.join(', ')} it is chance which of these comes; each run shows one:`],
      table(['outcome', ...HEADINGS.slice(2)], rows),
      expected.flatMap((one) =>
        'outcome' in one ? [`- *${one.outcome}*: ${sentence(one.because)}`] : [],
      ),
    ];
  });

  function faces(name: string) {
    return languages.find((language) => language.name === name) ?? { faces: {} };
  }
}

function outcomeOf(expected: ReturnType<typeof expectedOfCell>[number]): string {
  return 'outcome' in expected ? expected.outcome : '';
}

/** The telling step and how it showed; one that does not return tells the most. */
export function surfacedAt(cell: CellResult): [string, string] {
  const open = openStep(cell);
  if (open) return [open, notEnded(cell)];
  const step = tellingStep(cell);
  const text = surfaced(step);
  return [step?.step ?? '', step?.error ? code(text) : text];
}

function differences({ cells }: Told): string[] {
  return cells.flatMap((cell) => differenceShown(cell) ?? []);
}
