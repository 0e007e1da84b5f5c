import type { Errno } from '../../runners/catalog/errno.ts';
import type { Face, NamedLanguage } from '../../runners/catalog/language.ts';
import type { Entry } from '../../runners/guide/entries.ts';
import { LANGUAGES } from '../_observation.ts';

/** A language of no programs: `lua`, or `lua.async`, a flavour of it. */
export function languageOf(name: string, more: Partial<NamedLanguage> = {}): NamedLanguage {
  const [of = ''] = name.split('.');
  const { printed: _, marks: __, differs: ___, versions: ____, ...plain } = LANGUAGES.python;
  return { ...plain, ...{ name, of, id: name, title: name }, ...more };
}

/** `lua: read ECONNRESET` shown as `Broken: it broke` */
export function entryOf(
  shown: string,
  text: string,
  { language = {}, face = {}, ...more }: EntryParts = {},
): Entry {
  const [, name = '', step = '', errno = ''] = /^(\S+): (\S+) (\S+)$/.exec(shown) ?? [];
  const [, type = '', message = ''] = /^(.*?)(?:: (.*))?$/.exec(text) ?? [];
  return {
    language: languageOf(name, language),
    step: step as Entry['step'],
    errno: errno as Errno,
    face: { type, message, errno: null, ...face },
    ...{ version: null, held: true, shownIn: [] },
    ...more,
  };
}

type EntryParts = Partial<Omit<Entry, 'language' | 'face'>> & {
  readonly language?: Partial<NamedLanguage>;
  readonly face?: Partial<Face>;
};
