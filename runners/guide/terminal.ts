import { paint, plain, row, type Screen, wrap } from '../reports/terminal/text.ts';
import { type Entry, storyTitle, textOf } from './entries.ts';
import type { Match } from './match.ts';
import { MEANINGS } from './meanings.ts';
import { casesOf, shownBy } from './page.ts';

/** What a text means, for a terminal. */
export function explained(
  { found, errno, entries }: Match,
  all: readonly Entry[],
  screen: Screen,
): string[] {
  const { bold, dim } = paint(screen);
  const own = entries.length > 0 ? entries : all.filter((entry) => entry.errno === errno);
  const every = casesOf(own);
  const plainOnes = every.filter(({ story }) => story.cure === null);
  // What only cures show is shown by them.
  const cases = plainOnes.length > 0 ? plainOnes : every;
  const indented = (text: string, indent: number) =>
    wrap(text, screen.columns - indent).map((line) => `${' '.repeat(indent)}${line}`);
  const notes = [...new Set(entries.flatMap(({ face }) => face.note ?? []))];
  return [
    bold(plain(found)),
    '',
    ...indented(`${errno}: ${MEANINGS[errno].says.replaceAll('`', '')}`, 2),
    ...notes.flatMap((note) => ['', ...indented(note, 2)]),
    '',
    ...indented(
      entries.length > 0
        ? `Shown by ${shownBy(entries)}.`
        : 'This is the errno itself, in no words of a language.',
      2,
    ),
    '',
    ...(cases.length === 0
      ? ['  No lab ends so for a client.']
      : [
          '  What it can mean, and what tells it apart: the packets, and the reason of the kernel that sent the RST',
          '',
          ...cases.flatMap(({ story, at, packets, reason, why }) => [
            `  ${row([storyTitle(story), at, `${packets}; ${reason.replaceAll('`', '')}`], [38, 10, 0])}`.trimEnd(),
            ...indented(why, 6).map(dim),
          ]),
          '',
          `  See it happen: npm run lab ${cases[0]?.story.name}`,
        ]),
    '',
  ];
}

/** That a text is none that is known, and which are most like it. */
export function unknownText(text: string, near: readonly Entry[], screen: Screen): string[] {
  const { dim } = paint(screen);
  const [first = ''] = text.trim().split('\n');
  return [
    `No language shows this of a connection that failed: ${plain(first).slice(0, screen.columns)}`,
    '',
    'Most like it are:',
    ...near.map(
      ({ language, errno, face }) =>
        `  ${plain(textOf(face))}  ${dim(`${errno}, ${language.name}`)}`,
    ),
    '',
    'All texts: docs/field-guide.md',
  ];
}
