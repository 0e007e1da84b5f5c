import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists, inProject, ROOT } from '../paths.ts';
import { EXIT, type ExitStatus, UserError } from '../user-error.ts';

export type NewLanguageOptions = {
  /** As a person writes it; without: the name with a capital. */
  readonly title?: string;
};

const FILES = [
  ['language.ts.template', (name: string) => `labs/programs/${name}/language.ts`],
  ['Dockerfile.template', (name: string) => `docker/${name}/Dockerfile`],
] as const;

/**
 * Makes the folders of a new language from the templates; see `npm run new:language -- --help`.
 *
 * @param root the project's folder; only tests have another
 * @throws UserError for a name that cannot be one, or that is taken
 */
export async function newLanguageCommand(
  name: string,
  { title = `${name.charAt(0).toUpperCase()}${name.slice(1)}` }: NewLanguageOptions,
  root = ROOT,
): Promise<ExitStatus> {
  if (
    !/^[a-z][a-z0-9]{0,19}$/.test(name) ||
    ['all', 'usual', 'same', 'tools', 'runner'].includes(name)
  ) {
    throw new UserError(
      `"${name}" cannot be the name of a language. Write a lower-case letter, then lower-case letters or digits, 20 at most, that is neither all, usual, same, tools nor runner: npm run new:language lua`,
    );
  }
  const files = FILES.map(([template, path]) => ({ template, path: path(name) }));
  for (const { path } of files) {
    if (await exists(join(root, path))) {
      throw new UserError(`${path} is there already: nothing was written. Take another name.`);
    }
  }
  for (const { template, path } of files) {
    const text = await readFile(inProject(`runners/new-language/${template}`), 'utf8');
    await mkdir(dirname(join(root, path)), { recursive: true });
    const filled = text.replaceAll('{name}', name).replaceAll('{title}', title);
    await writeFile(join(root, path), filled, { flag: 'wx' });
    process.stdout.write(`wrote ${path}\n`);
  }
  process.stdout.write(
    `\nNow write its programs: CONTRIBUTING.md, "Add a language". What is missing: npm run conformance -- ${name}\n`,
  );
  return EXIT.pass;
}
