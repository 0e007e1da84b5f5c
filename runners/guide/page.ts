import { ERRNOS, type Errno } from '../catalog/errno.ts';
import type { Expectation } from '../catalog/expectation.ts';
import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { packetsExpected } from '../docs/course.ts';
import { reasonShown } from '../docs/kernel.ts';
import { code, paragraphs, sentence, table } from '../docs/markdown.ts';
import { type Entry, storyTitle, textOf } from './entries.ts';
import { MEANINGS } from './meanings.ts';

/** The generated parts of docs/field-guide.md. */
export function guideParts(
  entries: readonly Entry[],
  languages: readonly NamedLanguage[],
  labs: readonly NamedLab[],
): Record<'errnos' | 'texts' | 'surprises' | 'languages', string[]> {
  return {
    errnos: paragraphs(...ERRNOS.flatMap((errno) => ofErrno(errno, entries))),
    texts: texts(entries),
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
    return [shownText(face), shownBy(group), notes.map(sentence).join(' ')];
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

/** A case in which texts are shown: what of the network tells it from the others. */
export type Case = {
  readonly story: NamedLab;
  readonly at: string;
  readonly packets: string;
  readonly reason: string;
  readonly why: string;
};

/** The stories that may show one of these texts, in the order of the labs; each once for each step. */
export function casesOf(entries: readonly Entry[]): Case[] {
  const found = new Map<string, Case>();
  for (const { step, shownIn } of entries) {
    for (const { story, why, expected } of shownIn) {
      const title = `${storyTitle(story)} ${step}`;
      if (found.has(title)) continue;
      found.set(title, {
        ...{ story, at: step, why },
        packets: packetsOf(expected),
        reason: reasonShown(expected.kernel.reason),
      });
    }
  }
  // Plain stories first within a lab.
  const place = ({ story }: Case) => `${story.number} ${story.cure === null ? 0 : 1}`;
  return [...found.values()].sort((a, b) =>
    place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0,
  );
}

/** A RST that no host has sent bears the name of one all the same. */
function packetsOf(expected: Expectation): string {
  const shown = packetsExpected(expected);
  return expected.kernel.reason === 'received only'
    ? shown.replace('RST from', 'RST in the name of the')
    : shown;
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
    return [shownText(face), ids(group), errnos.join(', '), links.join(' ') || 'none'];
  });
  rows.sort(([a = ''], [b = '']) => compare(a.toLowerCase(), b.toLowerCase()));
  return table(['text', 'shown by', 'errno', 'labs'], rows);
}

function surprises(languages: readonly NamedLanguage[], labs: readonly NamedLab[]): string[] {
  return paragraphs(
    ...languages.flatMap(({ title, name, surprises: own = [] }) =>
      own.length === 0
        ? []
        : [
            [`### ${title} (\`${name}\`)`],
            own.map(({ what, says, labs: shown, link }) => {
              const links = shown.flatMap((lab) => {
                const story = labs.find((one) => one.name === lab);
                return story ? [labLink({ ...story, variant: null, cure: null })] : [];
              });
              const source = link === undefined ? '' : ` ([source](${link}))`;
              return `- **${what}**: ${sentence(says)}${source} Seen in ${links.join(', ')}.`;
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

/** A text with what changes in it marked as such. */
function shownText(face: Entry['face']): string {
  return code(
    textOf(face)
      .replaceAll('{number}', 'N')
      .replaceAll(/\{(address|own|peer|port)\}/g, (_, what) => what.toUpperCase()),
  );
}

/** `java: read, validate; node: read` */
export function shownBy(group: readonly Entry[]): string {
  return grouped(group, ({ language, version }) => idOf(language, version))
    .map((own) => {
      const [{ language, version }] = own;
      const steps = [...new Set(own.map(({ step }) => step))];
      return `${idOf(language, version)}: ${steps.join(', ')}`;
    })
    .join('; ');
}

function idOf({ name }: NamedLanguage, version: string | null): string {
  return version === null ? name : `${name}@${version}`;
}

/** The names of languages, with a version where only that one shows it. */
function ids(group: readonly Entry[]): string {
  const named = group.map(({ language, version }) => idOf(language, version));
  return [...new Set(named)].sort(compare).join(', ');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return [...groups.values()];
}
