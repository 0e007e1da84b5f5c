import type { NamedLanguage } from '../catalog/language.ts';
import { tellingExpected } from './course.ts';
import { table } from './markdown.ts';
import { surfacedAt } from './observed.ts';
import type { Proof, Statement } from './statement.ts';
import { expectedOfCell, isChance, type ToldLab } from './told.ts';

/** All labs: their causes, what happens, and why it ends so. */
export function index(labs: readonly ToldLab[]): string[] {
  const rows = labs.map(({ number, name, folder, causes, headline, plain, cured }) => {
    const whys = plain.map(({ story: { variant, why } }) =>
      variant ? `*${variant}*: ${why}` : why,
    );
    const cures = cured.map(({ story }) => story.cure ?? '');
    return [
      `[${number} ${name}](${folder}/README.md)`,
      causes.join(', '),
      headline,
      whys.join('; '),
      cures.join(', '),
    ];
  });
  return table(['lab', 'causes', 'what happens', 'why it ends so', 'cures'], rows);
}

/** Lab × language: what each client surfaces. */
export function faces(labs: readonly ToldLab[], languages: readonly NamedLanguage[]): string[] {
  const rows = labs.flatMap(({ number, name, folder, plain }) =>
    plain.map(({ story, cells }) => {
      const which = story.variant ? ` · ${story.variant}` : '';
      return [
        `[${number} ${name}](${folder}/README.md)${which}`,
        ...languages.map((language) => {
          const cell = cells.find(({ client }) => client.language === language.name);
          if (!cell) return '';
          if (!isChance(story, cell)) return shown(...surfacedAt(cell));
          const all = expectedOfCell(story, cell).map((one) => tellingExpected(one, language));
          const texts = [...new Set(all.map(({ at, text }) => shown(at, text)))];
          return texts.join(' *or* ');
        }),
      ];
    }),
  );
  return table(['lab', ...languages.map(({ title }) => title)], rows);
}

function shown(at: string, text: string): string {
  return `${at}: ${text}`;
}

/** What is commonly said, and which lab's run says what to it. */
export function statementsTable(
  statements: readonly Statement[],
  labs: readonly ToldLab[],
): string[] {
  const rows = statements.map(({ said, verdict, because, proofs }, place) => [
    String(place + 1),
    said,
    `**${verdict}**`,
    because,
    proofs.map((proof) => proved(proof, labs)).join('; '),
  ]);
  return table(['', 'what is said', '', 'because', 'seen in'], rows);
}

function proved(
  { lab, variant, cured, client, server, sees }: Proof,
  labs: readonly ToldLab[],
): string {
  const found = labs.find(({ name }) => name === lab);
  const link = found ? `[${found.number} ${lab}](${found.folder}/README.md)` : lab;
  const which = [
    ...(variant ? [variant] : []),
    ...(cured ? [`cured by ${cured}`] : []),
    ...(client ? [client] : []),
    ...(server ? [`${server} server`] : []),
  ];
  return `${link}${which.map((word) => ` · ${word}`).join('')}: ${sees}`;
}
