import { ERRNOS, type Errno } from '../catalog/errno.ts';
import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { surpriseShown } from '../docs/course.ts';
import { code, paragraphs, sentence, table } from '../docs/markdown.ts';
import { grouped } from '../grouped.ts';
import { casesOf, idOf, shownBy } from './cases.ts';
import { type Entry, shownText, storyTitle, textOf } from './entries.ts';
import { MEANINGS } from './meanings.ts';

/** The generated parts of docs/field-guide.md. */
export function guideParts(
  entries: readonly Entry[],
  languages: readonly NamedLanguage[],
  labs: readonly NamedLab[],
): Record<'errnos' | 'texts' | 'printed' | 'surprises' | 'languages', string[]> {
  const held = entries.filter((entry) => entry.held);
  return {
    errnos: paragraphs(...ERRNOS.flatMap((errno) => ofErrno(errno, held))),
    texts: texts(held),
    printed: printed(entries.filter((entry) => !entry.held)),
    surprises: surprises(languages, labs),
    languages: languagesTable(languages),
  };
}

/** What an errno means, what each language shows of it, and the labs in which it is met. */
function ofErrno(errno: Errno, all: readonly Entry[]): string[][] {
  const entries = all.filter((entry) => entry.errno === errno);
  if (entries.length === 0) return [];
  const rows = grouped(entries, ({ face }) => textOf(face)).map((group) => {
    const [{ face }] = group;
    const notes = [...new Set(group.flatMap((one) => one.face.note ?? []))];
    return [code(shownText(face)), shownBy(group), notes.map(sentence).join(' ')];
  });
  const hasNotes = rows.some(([, , note]) => note !== '');
  return [
    [`### ${errno}`],
    [MEANINGS[errno].says],
    table(
      ['text', 'shown by, at', ...(hasNotes ? ['note'] : [])],
      rows.map((row) => (hasNotes ? row : row.slice(0, 2))),
    ),
    cases(entries),
  ];
}

/** The labs that end so, with what tells them apart. */
function cases(entries: readonly Entry[]): string[] {
  const plain = casesOf(entries).filter(({ story }) => story.cure === null);
  const rows = plain.map(({ story, at, packets, reason, why }) => [
    labLink(story),
    at,
    packets,
    reason,
    sentence(why),
  ]);
  return rows.length === 0
    ? ['No lab ends so for a client.']
    : table(['lab', 'at', 'packets', "the kernel's reason", 'why'], rows);
}

/** From a text to what it can mean. */
function texts(entries: readonly Entry[]): string[] {
  const rows = grouped(entries, ({ face }) => textOf(face)).map((group) => {
    const [{ face }] = group;
    const errnos = [...new Set(group.map(({ errno }) => errno))];
    const labs = new Map(casesOf(group).map(({ story }) => [story.number, story]));
    const links = [...labs.values()].map(
      (story) => `[${story.number}](../labs/${story.number}-${story.name}/README.md)`,
    );
    return [code(shownText(face)), ids(group), errnos.join(', '), links.join(' ') || 'none'];
  });
  rows.sort(([a = ''], [b = '']) => compare(a.toLowerCase(), b.toLowerCase()));
  return table(['text', 'shown by', 'errno', 'labs'], rows);
}

/** Words that no lab holds. */
function printed(entries: readonly Entry[]): string[] {
  const rows = grouped(entries, ({ face }) => textOf(face)).map((group) => {
    const [{ face }] = group;
    const errnos = [...new Set(group.map(({ errno }) => errno))];
    const notes = [...new Set(group.flatMap((one) => one.face.note ?? []))];
    return [
      code(shownText(face)),
      shownBy(group),
      errnos.join(', '),
      notes.map(sentence).join(' '),
    ];
  });
  return table(['text', 'printed by, at', 'means', 'note'], rows);
}

function surprises(languages: readonly NamedLanguage[], labs: readonly NamedLab[]): string[] {
  return paragraphs(
    ...languages.flatMap(({ title, name, surprises: own = [] }) =>
      own.length === 0
        ? []
        : [
            [`### ${title} (\`${name}\`)`],
            own.map((surprise) => {
              const links = surprise.labs.flatMap((lab) => {
                const story = labs.find((one) => one.name === lab);
                return story ? [labLink({ ...story, variant: null, cure: null })] : [];
              });
              return `- ${surpriseShown(surprise)} Seen in ${links.join(', ')}.`;
            }),
          ],
    ),
  );
}

function languagesTable(languages: readonly NamedLanguage[]): string[] {
  const rows = languages.map(({ title, name, seen, lacks = {}, of }) => {
    const reasons = grouped(Object.entries(lacks), ([, why]) => why).map((group) => {
      const [[, why]] = group;
      return `${group.map(([what]) => `\`${what}\``).join(', ')}: ${why}`;
    });
    const flavour = name === of ? '' : ' (flavour)';
    return [`${title}${flavour}`, `\`${name}\``, seen.join(', '), reasons.join('; ')];
  });
  return table(['language', 'name', 'seen with', 'has no'], rows);
}

function labLink(story: NamedLab): string {
  return `[${storyTitle(story)}](../labs/${story.number}-${story.name}/README.md)`;
}

/** The names of languages, with a version where only that one shows it. */
function ids(group: readonly Entry[]): string {
  const named = group.map(({ language, version }) => idOf(language, version));
  return [...new Set(named)].sort(compare).join(', ');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
