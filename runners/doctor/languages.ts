import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { NamedLanguage } from '../catalog/language.ts';
import { compiled, missingToolchain } from '../engines/local/toolchain.ts';
import { messageOf } from '../user-error.ts';
import { aptInstall, type Check, missing, ok } from './check.ts';

const run = promisify(execFile);

/** Whether this machine runs a language's programs: all commands are there, start, and compile. */
export async function languageCheck(language: NamedLanguage): Promise<Check> {
  const name = `local ${language.name}`;
  const install = aptInstall(language.toolchain.debian);
  const lacks = await missingToolchain(language);
  if (lacks) return missing(name, lacks.unavailable.replace(/: apt-get install .*$/, ''), install);
  const [command = '', ...words] = language.toolchain.version;
  let version: string;
  try {
    const { stdout, stderr } = await run(command, words, { timeout: 15_000 });
    version = /\d+(\.\d+)*/.exec(stdout || stderr)?.[0] ?? 'of an unknown version';
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
