import { isVersion, type LanguageVersion, type NamedLanguage } from '../catalog/language.ts';
import {
  compiled,
  findToolchain,
  installing,
  toolchainsOf,
  versionOf,
} from '../engines/local/toolchain.ts';
import { isUnavailable } from '../engines/unavailable.ts';
import { messageOf } from '../user-error.ts';
import { aptInstall, type Check, missing, ok, optional } from './check.ts';

/** Whether this machine runs a language's programs: all commands are there, start, and compile. */
export async function languageCheck(language: NamedLanguage): Promise<Check> {
  const name = `local ${language.name}`;
  const install = aptInstall(language.toolchain.debian);
  const toolchain = await findToolchain(language);
  if (isUnavailable(toolchain)) {
    return missing(name, toolchain.unavailable.replace(/: apt-get install .*$/, ''), install);
  }
  let version: string;
  try {
    version = await versionOf(language, toolchain);
  } catch (error) {
    return missing(
      name,
      `\`${language.toolchain.version.join(' ')}\` fails: ${messageOf(error)}`,
      install,
    );
  }
  try {
    await compiled(language);
  } catch (error) {
    const [what = '', repeat] = messageOf(error).split('. Repeat: ');
    return missing(name, `${language.title} ${version}: ${what}`, repeat ?? null);
  }
  return ok(name, `${language.title} ${version}`);
}

/** Which versions of a language this machine has; undefined where it names none to choose from. */
export async function versionsCheck(language: NamedLanguage): Promise<Check | undefined> {
  const { versions = [], name } = language;
  if (versions.length < 2) return undefined;
  const found = await toolchainsOf(language);
  const isHere = ({ name: wanted }: LanguageVersion) =>
    found.some(({ version }) => version !== null && isVersion(wanted, version));
  const idOf = (version: LanguageVersion) => `${name}@${version.name}`;
  const here = versions.filter(isHere).map(idOf).join(', ') || 'none';
  const absent = versions.filter((version) => !isHere(version) && version.image !== 'none');
  const what = `local ${name} versions`;
  if (absent.length === 0) return ok(what, here);
  const mend = installing(absent.map((version) => ({ ...language, version, id: idOf(version) })));
  const sudo = mend.startsWith('apt-get') ? aptInstall('').replace('apt-get install ', '') : '';
  return optional(what, `${here}; not here: ${absent.map(idOf).join(', ')}`, `${sudo}${mend}`);
}
