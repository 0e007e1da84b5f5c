import { USUAL } from '../catalog/language.ts';
import { grouped } from '../grouped.ts';
import { cut, paint, plain, type Screen, wrap } from '../reports/terminal/text.ts';
import { shownBy } from './cases.ts';
import { type Entry, shownText } from './entries.ts';
import type { Match } from './match.ts';
import { MEANINGS } from './meanings.ts';
import { tellingLines } from './nearest.ts';
import { caseLines, caseNames, type Told, told } from './tree.ts';

/** What all that was found in a text means, for a terminal. */
export function explained(
  found: readonly Match[],
  all: readonly Entry[],
  screen: Screen,
): string[] {
  const known = new Map<string, string>();
  // Words that are those of several errnos are one text.
  return grouped(found, ({ line, found: words }) => JSON.stringify([line, words])).flatMap(
    (matches) => {
      const [{ found: words }] = matches;
      const cases = told(matches, all);
      const before = known.get(caseNames(cases));
      known.set(caseNames(cases), before ?? words);
      return [
        ...heading(matches, screen),
        '',
        ...(before === undefined
          ? [...caseLines(cases, screen), ...next(cases, matches, screen)]
          : indented(`What it can mean is the same as of "${plain(before)}", above.`, screen)),
        '',
      ];
    },
  );
}

/** What was found, where, in which language, and what it means to TCP. */
function heading(matches: readonly [Match, ...Match[]], screen: Screen): string[] {
  const { bold, dim } = paint(screen);
  const [{ found, line, times }] = matches;
  const entries = [...new Set(matches.flatMap((match) => match.entries))];
  const place = times > 1 ? `${times} times, first in ` : line === found ? undefined : 'in ';
  return [
    ...wrap(plain(found), screen.columns).map(bold),
    ...(place === undefined ? [] : [dim(cut(`  ${place}${plain(line)}`, screen.columns))]),
    '',
    ...meanings(matches).flatMap((text) => indented(text, screen)),
    ...notesOf(entries).flatMap((note) => indented(note, screen)),
    '',
    ...indented(shownWhere(entries), screen),
  ];
}

/** More than these would be a page of their own. */
const MEANINGS_SHOWN = 3;

function meanings(matches: readonly Match[]): string[] {
  const errnos = matches.map(({ errno }) => errno);
  const several = `The words do not tell which it is: ${errnos.join(', ')}.`;
  if (errnos.length > MEANINGS_SHOWN) return [several];
  return [
    ...(errnos.length > 1 ? [several] : []),
    ...errnos.map((errno) => `${errno}: ${MEANINGS[errno].says.replaceAll('`', '')}`),
  ];
}

/** What would not be guessed, where it is told which language it is. */
function notesOf(entries: readonly Entry[]): string[] {
  const languages = new Set(entries.map(({ language }) => language.of));
  return languages.size > 1 ? [] : [...new Set(entries.flatMap(({ face }) => face.note ?? []))];
}

function shownWhere(entries: readonly Entry[]): string {
  if (entries.length === 0) return 'This is the errno itself, in no words of a language.';
  // A flavour that shows what its language shows says nothing more.
  const plainOnes = new Set(entries.map(({ language }) => language.name));
  const own = entries.filter(({ language: { name, of } }) => name === of || !plainOnes.has(of));
  const by = `Shown by ${shownBy(own)}`;
  return entries.some(({ held }) => held) ? `${by}.` : `${by}. No lab holds these words.`;
}

/** What a person can do to see more. */
function next({ cases: [first] }: Told, matches: readonly Match[], screen: Screen): string[] {
  if (first === undefined) return [];
  const { number, name } = first.story;
  const languages = matches.flatMap(({ entries }) =>
    entries.flatMap(({ language, shownIn }) =>
      shownIn.some(({ story }) => story === first.story) ? language : [],
    ),
  );
  const [one] = languages;
  const isOne = one !== undefined && languages.every(({ of }) => of === one.of);
  const client = isOne && !USUAL.includes(one.name) ? ` -- --client ${one.name}` : '';
  return [
    '',
    ...indented(`See it happen: npm run lab ${name}${client}`, screen),
    ...indented(`Find out whether it is that: labs/${number}-${name}/README.md, "Find it"`, screen),
  ];
}

function indented(text: string, { columns }: Screen): string[] {
  return wrap(text, columns - 2).map((line) => `  ${line}`);
}

/** That a text is none that is known, and which are most like it. */
export function unknownText(text: string, near: readonly Entry[], screen: Screen): string[] {
  const { dim } = paint(screen);
  const [first = ''] = tellingLines(text);
  return [
    ...wrap(
      'This is none of the texts that labs and languages show of a connection that failed:',
      screen.columns,
    ),
    `  ${cut(plain(first), screen.columns - 2)}`,
    '',
    'Most like it are:',
    ...near.flatMap(({ language, errno, face }) => [
      ...indented(plain(shownText(face)), screen),
      dim(`    ${errno}, ${language.title}`),
    ]),
    '',
    'All texts: docs/field-guide.md',
  ];
}
