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

/** Loads all texts of all languages, as clients of all servers. */
export async function loadGuide(): Promise<Guide> {
  const [labs, languages] = await Promise.all([
    loadLabs(['all']),
    loadLanguages(['all'], '--client'),
  ]);
  languages.sort((one, other) => (one.name < other.name ? -1 : 1));
  // Most ends do not depend on the server's language; where one does, its own difference says why.
  const isFirst = ({ name }: NamedLanguage) => name === USUAL_SERVER;
  const plain = languages.filter(({ name, of }) => name === of);
  const servers = [...plain.filter(isFirst), ...plain.filter((one) => !isFirst(one))];
  return { entries: entriesOf(labs, languages, servers), languages, labs };
}
