import type { NamedLanguage } from '../catalog/language.ts';
import { loadLanguages } from '../catalog/load.ts';
import { findToolchain, installing, versionOf } from '../engines/local/toolchain.ts';
import { fetchRuntime } from '../engines/npm-runtime.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { EnvironmentError, EXIT, type ExitStatus, messageOf, UserError } from '../user-error.ts';

/** Fetches versions of languages that npm's registry has; see `npm run toolchains -- --help`. */
export async function toolchainsCommand(names: readonly string[]): Promise<ExitStatus> {
  const named = await loadLanguages(names.length === 0 ? ['all@all'] : names, 'npm run toolchains');
  const wanted = names.length === 0 ? named.filter(({ version }) => version?.npm) : named;
  for (const language of wanted) {
    process.stdout.write(`${language.id}  ${await fetched(language)}\n`);
  }
  return EXIT.pass;
}

/** Sees that a version is on this machine; returns what it reports of itself and where it is. */
async function fetched(language: NamedLanguage): Promise<string> {
  const { id, version } = language;
  if (version === null) {
    throw new UserError(`Name a version of ${id} (npm run toolchains). All of them: ${id}@all`);
  }
  const there = await findToolchain(language);
  if (!isUnavailable(there)) return told(language, there.bin);
  if (version.npm === undefined) {
    throw new EnvironmentError(`npm does not have ${id}: ${installing([language])}`);
  }
  const folder = await fetchRuntime(language, (text) => void process.stderr.write(`${text}\n`));
  return told(language, `${folder}/bin`);
}

async function told(language: NamedLanguage, bin: string | null): Promise<string> {
  try {
    return `${await versionOf(language, { bin })}  ${bin ?? 'on the PATH'}`;
  } catch (error) {
    throw new EnvironmentError(`${language.id} in ${bin} does not start: ${messageOf(error)}`);
  }
}
