import type { NamedLanguage } from '../../catalog/language.ts';
import { languageNames, loadLanguages } from '../../catalog/load.ts';
import { suggestion } from '../../catalog/nearest.ts';
import { UserError } from '../../user-error.ts';

/**
 * The one language in which a participant works. No flavour and no version: they have no cures, or no image of a
 * participant's file; and not `all`.
 *
 * @param where what names it, for the error: an option, or the file of the state
 * @throws UserError for another name than that of a language
 */
export async function ownLanguage(name: string, where: string): Promise<NamedLanguage> {
  const known = await languageNames();
  const [language] = known.includes(name) ? await loadLanguages([name], where) : [];
  if (language !== undefined) return language;
  throw new UserError(
    `There is no language "${name}" (${where}). ${suggestion(name, known)} Choose yours: npm run workshop -- --language python`,
  );
}
