import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LanguageVersion, NamedLanguage } from '../catalog/language.ts';
import { CACHE } from '../paths.ts';
import { EnvironmentError } from '../user-error.ts';

const run = promisify(execFile);

const FETCH_DEADLINE_MS = 300_000;

/**
 * Where a runtime that npm's registry has is kept on this machine, with its executables in `bin`; undefined
 * where npm does not have it.
 *
 * @param arch as Node.js names it, `x64`
 */
export function runtimeFolder(
  { of }: Pick<NamedLanguage, 'of'>,
  version: LanguageVersion,
  arch: string = process.arch,
): string | undefined {
  if (version.npm === undefined) return undefined;
  return join(CACHE, 'toolchains', `${of}-${version.name}-${arch}`);
}

/**
 * Fetches a runtime through the npm client, so that its configuration of registries and proxies holds.
 * Nothing of the package is executed.
 *
 * @param arch as Node.js names it, `x64`
 * @returns its folder; what is there already is kept
 * @throws EnvironmentError where npm does not give it
 */
export async function fetchRuntime(
  language: NamedLanguage,
  progress: (text: string) => void,
  arch: string = process.arch,
): Promise<string> {
  const { id, version } = language;
  const folder = version === null ? undefined : runtimeFolder(language, version, arch);
  if (version === null || folder === undefined) throw new Error(`npm does not have ${id}`);
  if (existsSync(folder)) return folder;
  const what = `${version.npm}${arch}@${version.name}`;
  progress(`fetching ${what} by npm`);
  const began = performance.now();
  await mkdir(join(CACHE, 'toolchains'), { recursive: true });
  // Under a name of its own until it is whole, so that two at once cannot spoil it.
  const making = await mkdtemp(`${folder}.`);
  const options = { cwd: making, timeout: FETCH_DEADLINE_MS };
  try {
    // A package is an archive with all in the folder `package`; headers and manuals are not wanted.
    await run('npm', ['pack', what, '--loglevel=error'], options);
    const [archive = ''] = await readdir(making);
    const wanted = ['package/bin', 'package/LICENSE'];
    await run(
      'tar',
      ['-xpzf', archive, '--strip-components=1', '--no-same-owner', ...wanted],
      options,
    );
    await rm(join(making, archive));
    await chmod(making, 0o755);
    await rename(making, folder);
  } catch (error) {
    if (!existsSync(folder)) {
      throw new EnvironmentError(
        `${id} cannot be fetched (${said(error)}). See what npm says: npm view ${what}`,
      );
    }
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  progress(`fetched ${what} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return folder;
}

/** The first thing that a command complained of. */
function said(error: unknown): string {
  const { stderr = '', message } = error as Error & { stderr?: string };
  const lines = stderr.split('\n').filter((line) => /\S/.test(line) && !/npm warn/i.test(line));
  return lines.slice(0, 2).join(' ') || message;
}
