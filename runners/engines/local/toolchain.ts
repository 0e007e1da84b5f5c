import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { isVersion, type NamedLanguage } from '../../catalog/language.ts';
import { isKept } from '../../kept.ts';
import { exists, PROGRAMS } from '../../paths.ts';
import { messageOf } from '../../user-error.ts';
import { ClosedError } from '../closed-error.ts';
import { CompileError } from '../compile-error.ts';
import { runtimeFolder } from '../npm-runtime.ts';
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

/**
 * The environment of a toolchain's commands. One that is ended while it speaks, as when an engine is closed, must leave
 * nothing in the folder of who runs it: Erlang would write a crash dump there.
 */
export function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: searchPath(), ERL_CRASH_DUMP_BYTES: '0' };
}

/** Where a command is on the PATH; undefined where it is not. */
export async function which(command: string): Promise<string | undefined> {
  return searchPath()
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    // Synchronous: it takes microseconds, a turn through the pool of threads takes longer.
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where the commands of a language are: in a folder, or null: on the PATH. */
export type Toolchain = { readonly bin: string | null };

/**
 * Finds the commands of a language on this machine; of a version that was asked for, those which report it.
 *
 * @returns the reason, with the command that installs what is missing, where they are not there
 */
export async function findToolchain(language: NamedLanguage): Promise<Toolchain | Unavailable> {
  const { version, title } = language;
  if (version === null) {
    return (await missingOnPath(language)) ?? { bin: await behindShim(language) };
  }
  const found = await toolchainsOf(language);
  const fit = found.find((one) => one.version !== null && isVersion(version.name, one.version));
  if (fit !== undefined) return fit;
  const others = [...new Set(found.flatMap((one) => one.version ?? []))];
  const instead = others.length > 0 ? `, only ${others.join(', ')}` : '';
  return {
    unavailable: `${title} ${version.name} is not on this machine${instead}: ${installing([language])}`,
  };
}

/**
 * The folder of the commands themselves, where those on the PATH are the shims of a version manager: to start one
 * costs several times what the program does. Null where the PATH leads to them, or nobody knows.
 */
async function behindShim({ toolchain }: NamedLanguage): Promise<string | null> {
  const { commands, itself } = toolchain;
  if (itself === undefined) return null;
  const [command = ''] = itself;
  const { stdout } = await told(itself).catch(() => ({ stdout: '' }));
  const bin = dirname(stdout.trim());
  const found = await which(command);
  if (!isAbsolute(bin) || found === undefined || dirname(found) === bin) return null;
  const isSame = (await realpath(found)) === (await realpath(stdout.trim()).catch(() => ''));
  const hasAll = commands.every((name) => isExecutable(join(bin, name)));
  return hasAll && !isSame ? bin : null;
}

/** The command that brings versions of one language to this machine, or does without. */
export function installing(languages: readonly NamedLanguage[]): string {
  const ids = languages.flatMap(({ id, version }) => (version?.npm === undefined ? [] : id));
  if (ids.length > 0) return `npm run toolchains -- ${ids.join(' ')}`;
  const packages = languages.flatMap(({ version }) => version?.debian ?? []);
  return packages.length > 0 ? `apt-get install ${packages.join(' ')}` : 'use --engine docker';
}

/**
 * All toolchains of a language that are on this machine, that of the PATH first, with what they report as
 * their version; null where they do not start.
 */
export async function toolchainsOf(
  language: NamedLanguage,
): Promise<(Toolchain & { readonly version: string | null })[]> {
  const { commands, homes = [] } = language.toolchain;
  const installed = await Promise.all(homes.map(foldersOf));
  const fetched = (language.versions ?? []).flatMap(
    (version) => runtimeFolder(language, version) ?? [],
  );
  const bins = [...installed.flat(), ...fetched]
    .map((home) => join(home, 'bin'))
    .filter((bin) => commands.every((command) => isExecutable(join(bin, command))));
  const onPath = (await missingOnPath(language)) === undefined ? [null] : [];
  return await Promise.all(
    [...onPath, ...new Set(bins)].map(async (bin) => ({
      bin,
      version: await versionOf(language, { bin }).catch(() => null),
    })),
  );
}

/** The folders that a pattern like `$HOME/jdks/*` stands for, by their true names: some are links. */
async function foldersOf(pattern: string): Promise<string[]> {
  const path = pattern.replace(/^\$(\w+)/, (_, name: string) => process.env[name] ?? '');
  if (!isAbsolute(path)) return [];
  const parent = dirname(path);
  const names = path.endsWith('/*') ? await readdir(parent).catch(() => []) : [basename(path)];
  const folders = names.sort().map((name) => realpath(join(parent, name)).catch(() => []));
  return (await Promise.all(folders)).flat();
}

/**
 * The version that a toolchain itself reports.
 *
 * @throws Error where it does not start
 */
export async function versionOf({ toolchain }: NamedLanguage, where: Toolchain): Promise<string> {
  const { stdout, stderr } = await told(commandIn(where, toolchain.version));
  return (
    /\d+(\.\d+)*/.exec(stdout || stderr)?.[0] ??
    'of an unknown version: `toolchain.version` prints none'
  );
}

/** What a command tells of a toolchain. @throws Error where it fails, or takes too long */
function told([command = '', ...words]: readonly string[]) {
  return run(command, words, { timeout: 15_000, env: toolEnvironment() });
}

/** A command of a toolchain, with its path where the PATH would lead to another. */
export function commandIn({ bin }: Toolchain, command: readonly string[]): readonly string[] {
  const [name = '', ...words] = command;
  return bin === null ? command : [join(bin, name), ...words];
}

async function missingOnPath({
  title,
  toolchain,
}: NamedLanguage): Promise<Unavailable | undefined> {
  const { commands, debian } = toolchain;
  for (const command of commands) {
    if ((await which(command)) === undefined) {
      return {
        unavailable: `${title} needs \`${command}\`, which is not on the PATH: apt-get install ${debian}`,
      };
    }
  }
  return undefined;
}

/**
 * The folder in which a language's programs can be run: its sources, or what the compiler made of them.
 * Compiled programs are kept by the hash of the sources, the command and the compiler's path, and taken away when they
 * have long not been used: each change that a participant makes is compiled.
 *
 * @param closing ends the compiler: nobody waits for it any more
 * @throws EnvironmentError with the compiler's first message
 * @throws ClosedError where it was ended
 */
export async function compiled(
  language: NamedLanguage,
  where: Toolchain = { bin: null },
  closing?: AbortSignal,
): Promise<string> {
  if (language.compile === undefined) return language.folder;
  const compile = commandIn(where, language.compile);
  const folder = join(PROGRAMS, `${language.of}-${await fingerprint(language, compile)}`);
  if (await isKept(folder)) return folder;
  await mkdir(PROGRAMS, { recursive: true });
  // Under a name of its own until it is whole, so that two at once cannot spoil it.
  const making = await mkdtemp(`${folder}.`);
  const [command = '', ...words] = compile.map((word) => word.replace('{out}', making));
  try {
    const how = { cwd: language.folder, env: toolEnvironment() };
    await run(command, words, { ...how, ...(closing && { signal: closing }) });
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (closing?.aborted) throw new ClosedError();
    if (await exists(folder)) return folder;
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new CompileError(
      `The programs of ${language.title} do not compile: ${messageOf(error)}. Repeat: cd labs/programs/${language.of} && ${compile.join(' ').replace('{out}', '/tmp/out')}`,
      `${stdout}${stderr}`.trimEnd().split('\n'),
    );
  }
  return folder;
}

async function fingerprint(language: NamedLanguage, compile: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(compile));
  for (const source of language.sources) hash.update(await readFile(join(language.folder, source)));
  const compiler = compile[0] ?? '';
  hash.update(await identity((await which(compiler)) ?? compiler));
  return hash.digest('hex').slice(0, 12);
}

/**
 * Stands for a compiler, since to ask for its version costs more than a whole lab. Its path alone would not: a clone
 * that a container shares with its host meets two of the same path, and an upgrade leaves the path.
 */
async function identity(compiler: string): Promise<string> {
  try {
    const path = await realpath(compiler);
    const { size, mtimeMs } = await stat(path);
    return [compiler, path, size, mtimeMs].join('\n');
  } catch {
    // It is not there; the attempt to start it says so.
    return compiler;
  }
}
