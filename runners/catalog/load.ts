import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { inProject, ROOT } from '../paths.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { Lab, NamedLab } from './lab.ts';
import type { Language, NamedLanguage } from './language.ts';
import { suggestion } from './nearest.ts';
import { firstProblem, LAB_SCHEMA, LANGUAGE_SCHEMA } from './schema.ts';

type LabFolder = { readonly number: string; readonly name: string; readonly path: string };

/** The labs' numbered folders, in order. */
export async function labFolders(folder = inProject('labs')): Promise<LabFolder[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new UserError(`The folder of labs ${folder} cannot be read. Name another: --labs FOLDER`);
  });
  return entries
    .flatMap((entry) => {
      const [, number, name] = /^(\d{2})-([a-z0-9-]+)$/.exec(entry.name) ?? [];
      if (!entry.isDirectory() || !number || !name) return [];
      return { number, name, path: join(folder, entry.name) };
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
  return await Promise.all(folders.filter((one) => wanted.has(one)).map(loadLab));
}

async function loadLab({ number, name, path }: LabFolder): Promise<NamedLab> {
  const definition = await load<Lab>(join(path, 'lab.ts'), LAB_SCHEMA);
  return { ...definition, number, name };
}

/** The names of all languages that have programs. */
export async function languageNames(): Promise<string[]> {
  const entries = await readdir(inProject('labs/programs'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/**
 * Loads languages by name; `all` stands for each.
 *
 * @param option the option in which a person named them, for the error
 * @throws UserError for a name that is no language's
 */
export async function loadLanguages(
  names: readonly string[],
  option: string,
): Promise<NamedLanguage[]> {
  const known = await languageNames();
  const wanted = names.includes('all') ? known : names;
  return await Promise.all(
    [...new Set(wanted)].map(async (name) => {
      if (!known.includes(name)) {
        throw new UserError(
          `There is no language "${name}" (${option}). ${suggestion(name, known)} Or write: ${option} all`,
        );
      }
      const folder = inProject(`labs/programs/${name}`);
      const definition = await load<Language>(join(folder, 'language.ts'), LANGUAGE_SCHEMA);
      return { ...definition, name, folder };
    }),
  );
}

/** Imports a module's default export and holds it against its schema. */
async function load<T>(path: string, schema: v.GenericSchema): Promise<T> {
  const shown = relative(ROOT, resolve(path));
  const file = shown.startsWith('..') ? path : shown;
  let definition: unknown;
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    definition = module.default;
  } catch (error) {
    throw new UserError(
      `${file} cannot be loaded: ${messageOf(error)}. Mend it, then run the same command again.`,
    );
  }
  const parsed = v.safeParse(schema, definition);
  if (parsed.success) return definition as T;
  throw new UserError(`${file}: ${firstProblem(parsed.issues)}. See CONTRIBUTING.md, "add a lab".`);
}
