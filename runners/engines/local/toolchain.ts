import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { NamedLanguage } from '../../catalog/language.ts';
import { CACHE } from '../../paths.ts';
import { EnvironmentError, messageOf } from '../../user-error.ts';
import type { Unavailable } from '../unavailable.ts';

const run = promisify(execFile);

/**
 * The PATH of all that runs on hosts: tcpdump and ip may lie where only root's PATH leads. What npm puts
 * before it is left out: a package among ours has a command of its own that is named `nft`.
 */
export function searchPath(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const others = folders.filter((folder) => !/node_modules\/(\.bin$|npm\/)/.test(folder));
  return [...others, '/usr/sbin', '/sbin'].join(delimiter);
}

/** Where a command is on the PATH; undefined where it is not. */
export async function which(command: string): Promise<string | undefined> {
  return searchPath()
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command))
    .find((path) => {
      try {
        // Synchronous: it takes microseconds, a turn through the pool of threads takes longer.
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Why a language cannot run on this machine, with the command that installs what is missing. */
export async function missingToolchain(language: NamedLanguage): Promise<Unavailable | undefined> {
  const { commands, debian } = language.toolchain;
  for (const command of commands) {
    if ((await which(command)) === undefined) {
      return {
        unavailable: `${language.title} needs \`${command}\`, which is not on the PATH: apt-get install ${debian}`,
      };
    }
  }
  return undefined;
}

/**
 * The folder in which a language's programs can be run: its sources, or what the compiler made of them.
 * Compiled programs are kept by the hash of the sources, the command and the compiler's version.
 *
 * @throws EnvironmentError with the compiler's first message
 */
export async function compiled(language: NamedLanguage): Promise<string> {
  if (language.compile === undefined) return language.folder;
  const folder = join(CACHE, 'programs', `${language.name}-${await fingerprint(language)}`);
  if (await exists(folder)) return folder;
  // Under a name of its own until it is whole, so that two runs at once cannot spoil it.
  const making = `${folder}.${process.pid}`;
  await mkdir(making, { recursive: true });
  const [command = '', ...words] = language.compile.map((word) => word.replace('{out}', making));
  try {
    await run(command, words, { cwd: language.folder });
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (await exists(folder)) return folder;
    throw new EnvironmentError(
      `The programs of ${language.title} do not compile: ${messageOf(error)}. Repeat: cd labs/programs/${language.name} && ${language.compile.join(' ').replace('{out}', '/tmp/out')}`,
    );
  }
  return folder;
}

async function fingerprint(language: NamedLanguage): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(language.compile));
  for (const source of language.sources) hash.update(await readFile(join(language.folder, source)));
  const compiler = language.compile?.[0] ?? '';
  // The path stands for the compiler: to ask for its version costs more than a whole lab.
  hash.update((await which(compiler)) ?? '');
  return hash.digest('hex').slice(0, 12);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
