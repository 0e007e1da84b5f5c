import { grouped } from '../grouped.ts';
import { paint, type Screen, wrap } from '../reports/terminal/text.ts';
import { type Case, casesOf } from './cases.ts';
import { type Entry, storyTitle } from './entries.ts';
import type { Match } from './match.ts';

/** The cases of texts; where no lab shows them, those of their errnos in any words. */
export type Told = { readonly cases: readonly Case[]; readonly areOfOthers: boolean };

export function told(matches: readonly Match[], all: readonly Entry[]): Told {
  const entries = matches.flatMap((match) => match.entries);
  const own = plainOnes(casesOf(entries));
  if (own.length > 0) return { cases: own, areOfOthers: false };
  const errnos = matches.map(({ errno }) => errno);
  // Flavours that rename an error would say more than is true of others.
  const same = all.filter(
    ({ errno, language, held }) => held && language.name === language.of && errnos.includes(errno),
  );
  return { cases: plainOnes(casesOf(same)), areOfOthers: entries.length > 0 };
}

/** What only cures show is shown by them. */
function plainOnes(cases: readonly Case[]): readonly Case[] {
  const own = cases.filter(({ story }) => story.cure === null);
  return own.length > 0 ? own : cases;
}

/** The same where the cases are the same. */
export function caseNames({ cases }: Told): string {
  return cases.map(({ story, at }) => `${storyTitle(story)} ${at}`).join('\n');
}

/** Cases by that which tells them apart: the packets, and why the kernel sent the RST. */
export function caseLines({ cases, areOfOthers }: Told, screen: Screen): string[] {
  if (cases.length === 0) return ['  No lab ends so for a client.'];
  const { bold } = paint(screen);
  const [usual] = grouped(cases, ({ at }) => at).sort((a, b) => b.length - a.length);
  const width = Math.max(...cases.map(({ story }) => storyTitle(story).length));
  const lines = (text: string) => wrap(text, screen.columns - 2).map((line) => `  ${line}`);
  return [
    ...lines(introduction(cases, areOfOthers)),
    ...grouped(cases, ({ packets }) => packets)
      .flatMap((same) => grouped(same, telling))
      .flatMap((group) => [
        '',
        ...lines(telling(group[0])).map(bold),
        ...group.flatMap((one) => caseRow(one, usual?.[0].at, width, screen)),
      ]),
  ];
}

function introduction(cases: readonly Case[], areOfOthers: boolean): string {
  if (cases.length === 1) {
    return areOfOthers
      ? 'No lab shows it in these words; the one that shows it in others:'
      : 'The lab that shows it:';
  }
  const why = cases.some(({ reason }) => reason !== NO_RESET)
    ? ', and why the kernel sent the RST (in brackets)'
    : '';
  const what = areOfOthers
    ? 'No lab shows it in these words; in others these do.'
    : 'What it can mean.';
  return `${what} The text does not tell which; the packets do${why}:`;
}

const NO_RESET = 'no reset';

/** `RST from server (TCP_ABORT_ON_CLOSE)` */
function telling({ packets, reason }: Case): string {
  if (reason === NO_RESET) return packets;
  const [, from] = /RST from (\w+)$/.exec(packets) ?? [];
  return `${packets} (${reason.replaceAll('`', '').replace(new RegExp(`^${from}: (?!.*: )`), '')})`;
}

/** A lab, and beside it why it ends so; with the step where it is not the usual one. */
function caseRow(
  { story, at, why }: Case,
  usual: string | undefined,
  width: number,
  screen: Screen,
): string[] {
  const { dim } = paint(screen);
  const text = at === usual ? why : `at ${at}: ${why}`;
  return wrap(text, screen.columns - width - 6).map((line, place) => {
    const title = place === 0 ? storyTitle(story) : '';
    return `    ${title.padEnd(width)}  ${dim(line)}`;
  });
}
