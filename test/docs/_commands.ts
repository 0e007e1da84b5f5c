import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadLabs } from '../../runners/catalog/load.ts';
import { inProject } from '../../runners/paths.ts';
import { messageOf } from '../../runners/user-error.ts';
import { npmRuns, read, wrongIn } from '../ci/_workflow.ts';

/** Commands and options that take the name or number of a lab. */
const OF_LABS = ['lab', 'check', 'content'];
const WITH_LAB = ['--skip', '--reset', '--check'];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const MAKEFILE = read('Makefile');

/** How pages mark what the kit prints: “`…`”. */
const QUOTE = /“(`+)(.+?)\1”/g;

/** All code of a page: fenced blocks, and code within lines. */
export function codeOf(page: string): string[] {
  const blocks = [...page.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const lines = page.replaceAll(/^```\w*\n.*?^```$/gms, '').matchAll(/(`+)(.+?)\1/g);
  // In a table a bar is escaped.
  return [...blocks, ...[...lines].map(([, , text = '']) => text.replaceAll('\\|', '|'))];
}

/** What is wrong with the commands of a page, each with its problem; and how many there were. */
export async function wrongCommands(page: string): Promise<{ count: number; wrong: string[] }> {
  // A quoted message is the kit's own; what stands in it is no command of the page.
  const code = codeOf(page.replaceAll(QUOTE, ''));
  const runs = code.flatMap(npmRuns);
  const makes = code.flatMap((text) => [
    ...text.matchAll(/(?:^|\s)make ([a-z-]+)((?: [A-Z]+=(?:"[^"]*"|\S+))*)/gm),
  ]);
  const swallowed = code.flatMap((text) => [
    ...text.matchAll(/\bnpm run (?:--silent )?(?:(?! -- )[^\n;&|)'`<>#])*? --\w[\w-]*/g),
  ]);
  const made = makes.map(([, target = '', variables = '']) => wrongMake(target, variables));
  return {
    count: runs.length + makes.length,
    wrong: [
      ...(await Promise.all(runs.map(wrongRun))).flat(),
      ...(await Promise.all(made)).flat(),
      ...swallowed.map(([text]) => `${text}: npm takes the option for its own, write -- before`),
    ],
  };
}

async function wrongRun(words: readonly string[]): Promise<string[]> {
  const [name = ''] = words;
  if (scripts[name] === undefined) {
    return [`package.json has no script "${name}"`];
  }
  return [...wrongIn(words), ...(await wrongLabs(words))];
}

async function wrongMake(target: string, variables: string): Promise<string[]> {
  if (!new RegExp(`^${target}: .*## `, 'm').test(MAKEFILE)) {
    return [`the Makefile has no target "${target}"`];
  }
  const { LAB, ARGS = '' } = Object.fromEntries(
    [...variables.matchAll(/([A-Z]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => [
      name,
      quoted ?? plain,
    ]),
  ) as { LAB?: string; ARGS?: string };
  const words = ARGS.split(/\s+/).filter((word) => word !== '');
  if (target === 'lab') return wrongRun(['lab', LAB ?? 'crash-server', ...words]);
  return words.length > 0 ? wrongRun([target, ...words]) : [];
}

/** Names of labs that nobody has. */
async function wrongLabs([name = '', ...words]: readonly string[]): Promise<string[]> {
  const named = words.filter((word, place) => {
    const before = words[place - 1] ?? '';
    if (WITH_LAB.includes(before)) return true;
    return OF_LABS.includes(name) && !word.startsWith('--') && !before.startsWith('--');
  });
  const wrong = named.filter((word) => !['all', 'LAB', 'NAME'].includes(word));
  const said = await Promise.all(
    wrong.map((word) => loadLabs([word]).then(() => undefined, messageOf)),
  );
  return said.filter((text) => text !== undefined);
}

/** What the page says the kit prints. */
export function quotesOf(page: string): string[] {
  return [...page.matchAll(QUOTE)].map(([, , text = '']) => text);
}

/** Quoted texts that no source has. `…` stands for anything, between parts of one file. */
export function wrongQuotes(page: string): string[] {
  return quotesOf(page).filter((quote) => {
    const parts = quote.split('…').map((part) => part.trim());
    const known = parts.filter((part) => part !== '');
    if (known.join('').length < 5) return true;
    return !sources.some((source) => inOrder(source, known));
  });
}

function inOrder(source: string, parts: readonly string[]): boolean {
  let place = 0;
  return parts.every((part) => {
    const found = source.indexOf(part, place);
    place = found + part.length;
    return found >= 0;
  });
}

/** The kit's own texts, as they are printed: without what a literal needs. */
const sources = [
  ...filesUnder('runners', /\.(ts|sh)$/),
  ...filesUnder('scripts', /\.sh$/),
  'docker/base-image.sh',
].map((file) => read(file).replaceAll(/\\([`'"$])/g, '$1'));

function filesUnder(folder: string, name: RegExp): string[] {
  return readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(inProject('').length));
}

/** Links, scripts and variables of a page that lead nowhere. */
export function wrongPaths(file: string): string[] {
  const page = readFileSync(file, 'utf8');
  const links = [...page.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
  const scripts = codeOf(page).flatMap(
    (text) => text.match(/\b(?:scripts|docker)\/[\w/-]+\.sh/g) ?? [],
  );
  const variables = codeOf(page).flatMap((text) => text.match(/\bRESET_LABS_\w+/g) ?? []);
  return [
    ...links.filter((path) => !existsSync(resolve(dirname(file), path))),
    ...scripts.filter((path) => !existsSync(inProject(path))),
    ...variables.filter((name) => !sources.some((source) => source.includes(name))),
  ];
}
