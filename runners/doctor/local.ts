import type { NamedLanguage } from '../catalog/language.ts';
import type { Engine } from '../engines/engine.ts';
import { openLocalEngine } from '../engines/local/local-engine.ts';
import { REQUIRED } from '../engines/local/permission.ts';
import { which } from '../engines/local/toolchain.ts';
import { messageOf } from '../user-error.ts';
import { aptInstall, type Check, type EngineChecks, missing } from './check.ts';
import { tryHosts } from './hosts.ts';
import { languageCheck } from './languages.ts';

const WITHOUT = 'npm run lab -- --engine docker';

/** What the local engine can do on this machine. */
export async function localChecks(languages: readonly NamedLanguage[]): Promise<EngineChecks> {
  const [hosts, toolchains] = await Promise.all([
    hostsChecks(languages),
    Promise.all(languages.map(languageCheck)),
  ]);
  // Labs run without a capture and without the kernel's trace, if on less evidence.
  const needed = [...hosts.filter(({ name }) => name === 'local hosts'), ...toolchains];
  return {
    ready: needed.every(({ status }) => status === 'ok'),
    checks: [...hosts, ...toolchains],
  };
}

async function hostsChecks([language]: readonly NamedLanguage[]): Promise<Check[]> {
  if (language === undefined) return [missing('local hosts', 'there are no languages', null)];
  const lacking = await missingCommands();
  if (lacking.length > 0) return lacking;
  let engine: Engine;
  try {
    const options = { runId: `doctor-${process.pid}`, capture: true, progress: () => {} };
    engine = await openLocalEngine(options);
  } catch (error) {
    return [missing('local hosts', messageOf(error), WITHOUT)];
  }
  const how = process.getuid?.() === 0 ? 'as root' : 'in a user namespace';
  return tryHosts({ engine, language, how, explain });
}

/** Without them there is no use in a trial; a capture's command is named in the same breath. */
async function missingCommands(): Promise<Check[]> {
  if (process.platform !== 'linux') return [];
  const lacking: [command: string, debian: string][] = [];
  for (const [command, debian] of Object.entries(REQUIRED)) {
    if ((await which(command)) === undefined) lacking.push([command, debian]);
  }
  if (lacking.length === 0) return [];
  const commands = lacking.map(([command]) => `\`${command}\``).join(', ');
  const packages = [...new Set(lacking.map(([, debian]) => debian))].join(' ');
  const hosts = missing('local hosts', `not on the PATH: ${commands}`, aptInstall(packages));
  const packets =
    (await which('tcpdump')) === undefined
      ? missing('local packets', 'tcpdump is not on the PATH', aptInstall('tcpdump'))
      : missing('local packets', 'cannot be tried without hosts', null);
  return [hosts, packets];
}

function explain(message: string): { detail: string; mend: string | null } {
  const detail = message.replace(/ Or use --engine docker\.$/, '');
  return { detail, mend: /`(sudo [^`]+)`/.exec(message)?.[1] ?? WITHOUT };
}
