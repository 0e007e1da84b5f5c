import { diagram } from './diagram.ts';
import { paragraphs } from './markdown.ts';
import { isChance, shownCell, type Told, type ToldLab } from './told.ts';

/** A sequence diagram of each story of a lab. */
export function diagrams({ plain, name }: ToldLab): string[] {
  return paragraphs(...plain.flatMap((told) => ofStory(told, name)));
}

function ofStory(told: Told, name: string): string[][] {
  const { story } = told;
  const cell = shownCell(told);
  const which = story.variant === null ? '' : `*${story.variant}*: `;
  if (!cell) {
    return [
      [
        `${which}which segments there are is chance; \`npm run lab ${name} -- --verbose\` shows yours.`,
      ],
    ];
  }
  const isPartly = told.cells.some((one) => isChance(story, one));
  const others = isPartly ? ' With the other clients the segments are a matter of chance.' : '';
  const what = `the ${cell.client.language} client, seen on its own link.`;
  const begin = which === '' ? what.replace('the', 'The') : `${which}${what}`;
  return [[`${begin}${others}`], diagram(cell, story.topology)];
}
