import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { inProject, ROOT } from '../paths.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { Lab, NamedLab, Story } from './lab.ts';
import { type Language, type LanguageVersion, type NamedLanguage, USUAL } from './language.ts';
import { suggestion } from './nearest.ts';
import { firstProblem, LAB_FRAME, LANGUAGE_SCHEMA, STORY_SCHEMA } from './schema.ts';
import { storiesOf } from './stories.ts';

type LabFolder = { readonly number: string; readonly name: string; readonly path: string };

/**
 * The labs' numbered folders, in order.
 *
 * @throws UserError for a folder that has a lab and no lab's name: nobody would miss its cells
 */
export async function labFolders(folder = inProject('labs')): Promise<LabFolder[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new UserError(`The folder of labs ${folder} cannot be read. Name another: --labs FOLDER`);
  });
  return entries
    .flatMap((entry) => {
      if (!entry.isDirectory()) return [];
      const path = join(folder, entry.name);
      const [, number, name] = /^(\d{2})-([a-z0-9-]+)$/.exec(entry.name) ?? [];
      if (number && name) return { number, name, path };
      if (entry.name === 'programs' || !existsSync(join(path, 'lab.ts'))) return [];
      throw new UserError(
        `${shownPath(path)} has a lab.ts, but its name is no lab's. Name it with two digits, a hyphen, and lower-case letters, digits and hyphens: 04-crash-server.`,
      );
    })
    .sort((a, b) => a.number.localeCompare(b.number));
}

/**
 * Loads the labs that a person named: `crash-server`, `04`, `4`, `04-crash-server` or `all`.
 *
 * @throws UserError for a name that is no lab's, and for a lab that is malformed
 */
export async function loadLabs(names: readonly string[], folder?: string): Promise<NamedLab[]> {
  const folders = await labFolders(folder);
  const wanted = new Set<LabFolder>();
  for (const typed of names) {
    const found = folders.filter(({ number, name }) =>
      typed === 'all' || /^\d+$/.test(typed)
        ? typed === 'all' || Number(typed) === Number(number)
        : typed === name || typed === `${number}-${name}`,
    );
    if (found.length === 0) {
      const known = folders.map(({ name }) => name);
      throw new UserError(
        `There is no lab "${typed}". ${suggestion(typed, known)} List them: npm run lab`,
      );
    }
    for (const one of found) wanted.add(one);
  }
  const found = folders.filter((one) => wanted.has(one));
  return (await Promise.all(found.map(loadLab))).flat();
}

/** All stories of one lab: plain ones first, then cures. */
async function loadLab({ number, name, path }: LabFolder): Promise<NamedLab[]> {
  const file = join(path, 'lab.ts');
  const definition = await load<Lab>(file, LAB_FRAME);
  return storiesOf(definition, shownPath(file)).map(({ variant, cure, story, where }) => {
    check(file, STORY_SCHEMA, story, where);
    const { causes, title: headline } = definition;
    return { ...(story as Story), number, name, headline, causes, variant, cure };
  });
}

/** The names of all languages that have programs, without their flavours. */
export async function languageNames(): Promise<string[]> {
  const entries = await readdir(inProject('labs/programs'), { withFileTypes: true });
  // A file system has an order of its own.
  return entries.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort();
}

/**
 * Loads languages by name: `java`, its flavour `java.channel`, `java@25`, `java.channel@25`; `all` stands
 * for each and all their flavours, `usual` for three languages, `java@all` for each of its versions that has
 * an image, `all@all` for those of each language.
 *
 * @param option the option in which a person named them, for the error
 * @throws UserError for a name that is no language's, and for a version that is none of its versions
 */
export async function loadLanguages(
  names: readonly string[],
  option: string,
): Promise<NamedLanguage[]> {
  const known = await languageNames();
  const loaded = await Promise.all(
    names.map(async (typed) => {
      const [name = '', ...rest] = typed.split('@');
      const version = rest.length === 0 ? null : rest.join('@');
      if (name === 'all' || name === 'usual') {
        const wanted = name === 'all' ? known : known.filter((one) => USUAL.includes(one));
        const loaded = (await Promise.all(wanted.map(loadFlavours))).flat();
        const chosen = name === 'all' ? loaded : loaded.filter((one) => one.name === one.of);
        return chosen.flatMap((language) => inVersions(language, version, option));
      }
      const [of = ''] = name.split('.');
      if (!known.includes(of)) {
        throw new UserError(
          `There is no language "${name}" (${option}). ${suggestion(name, known)} Or write: ${option} all`,
        );
      }
      const flavours = await loadFlavours(of);
      const found = flavours.find((flavour) => flavour.name === name);
      if (found !== undefined) return inVersions(found, version, option);
      const others = flavours.map((flavour) => flavour.name);
      throw new UserError(
        `There is no flavour "${name}" of ${of} (${option}). ${suggestion(name, others)}`,
      );
    }),
  );
  // `java@25,java@all` names one of them twice.
  return [...new Map(loaded.flat().map((language) => [language.id, language])).values()];
}

/** Those of which no two share a runtime: flavours are of the same image, toolchain and compiled programs. */
export function runtimesOf(languages: readonly NamedLanguage[]): NamedLanguage[] {
  const plainFirst = [...languages].sort(
    (a, b) => Number(a.name !== a.of) - Number(b.name !== b.of),
  );
  const kept = new Map<string, NamedLanguage>();
  for (const language of plainFirst) {
    if (!kept.has(language.runtime)) kept.set(language.runtime, language);
  }
  return languages.filter((language) => kept.get(language.runtime) === language);
}

type Unversioned = Omit<NamedLanguage, 'id' | 'runtime' | 'version'>;

/** A language, and each of its flavours. */
async function loadFlavours(of: string): Promise<Unversioned[]> {
  const folder = inProject(`labs/programs/${of}`);
  const definition = await load<Language>(join(folder, 'language.ts'), LANGUAGE_SCHEMA);
  const { flavours = {}, ...plain } = definition;
  const { differs: _, surprises: __, lacks: ___, hides: ____, endsAs: _____, ...shared } = plain;
  return [
    { ...plain, of, folder, name: of },
    ...Object.entries(flavours).map(([name, flavour]) => ({
      ...shared,
      ...flavour,
      ...{ of, folder, name: `${of}.${name}` },
    })),
  ];
}

function inVersions(language: Unversioned, typed: string | null, option: string): NamedLanguage[] {
  const versions = typed === null ? [null] : versionsNamed(typed, language, option);
  return versions.map((version) => {
    const at = version === null ? '' : `@${version.name}`;
    const { name, of } = language;
    return { ...language, version, id: `${name}${at}`, runtime: `${of}${at}` };
  });
}

function versionsNamed(
  typed: string,
  { name, versions = [] }: Unversioned,
  option: string,
): readonly (LanguageVersion | null)[] {
  const inImages = versions.filter(({ image }) => image !== 'none');
  // A language that names no versions has one all the same.
  if (typed === 'all') return inImages.length > 0 ? inImages : [null];
  const found = versions.filter((version) => version.name === typed);
  if (found.length > 0) return found;
  const known = versions.map((version) => version.name).join(', ');
  throw new UserError(
    known === ''
      ? `There are no versions of ${name}, "${typed}" say (${option}). Write: ${name}`
      : `There is no version "${typed}" of ${name} (${option}). There are: ${known}. Or write: ${name}@all`,
  );
}

/** Imports a module's default export and holds it against its schema. */
async function load<T>(path: string, schema: v.GenericSchema): Promise<T> {
  let definition: unknown;
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    definition = module.default;
  } catch (error) {
    throw new UserError(
      `${shownPath(path)} cannot be loaded: ${messageOf(error)}. Mend it, then run the same command again.`,
    );
  }
  check(path, schema, definition);
  return definition as T;
}

/** @throws UserError with file, key, value and mend */
function check(path: string, schema: v.GenericSchema, value: unknown, where = ''): void {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return;
  throw new UserError(
    `${shownPath(path)}: ${where}${firstProblem(parsed.issues)}. See CONTRIBUTING.md, "add a lab".`,
  );
}

function shownPath(path: string): string {
  const shown = relative(ROOT, resolve(path));
  return shown.startsWith('..') ? path : shown;
}
