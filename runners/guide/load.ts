import type { NamedLab } from '../catalog/lab.ts';
import type { NamedLanguage } from '../catalog/language.ts';
import { loadLabs, loadLanguages } from '../catalog/load.ts';
import { USUAL_SERVER } from '../docs/statement.ts';
import { type Entry, entriesOf } from './entries.ts';

/** All that the field guide is made of. */
export type Guide = {
  readonly entries: readonly Entry[];
  readonly languages: readonly NamedLanguage[];
  readonly labs: readonly NamedLab[];
};

/** Loads all texts of all languages, as clients of the usual server. */
export async function loadGuide(): Promise<Guide> {
  const [labs, languages] = await Promise.all([
    loadLabs(['all']),
    loadLanguages(['all'], '--client'),
  ]);
  languages.sort((one, other) => (one.name < other.name ? -1 : 1));
  const server = languages.find(({ name }) => name === USUAL_SERVER);
  if (!server) throw new Error(`there is no ${USUAL_SERVER}`);
  return { entries: entriesOf(labs, languages, server), languages, labs };
}
