import { languageNames } from '../../catalog/load.ts';
import type { Console } from './console.ts';
import { letter } from './screens.ts';

/** Asks for the language in which a participant works. */
export async function chooseLanguage(console: Console): Promise<string | undefined> {
  const names = await languageNames();
  const question = [
    'In which language do you want to work?',
    ...names.map((name, place) => `  ${letter(place)}  ${name}`),
  ];
  console.tell('', ...question);
  console.say('It is kept. To change it later: npm run workshop -- --language python');
  const place = await console.choose(names.length, { keys: [], again: question });
  return typeof place === 'number' ? names[place] : undefined;
}
