import type { NamedLanguage } from '../catalog/language.ts';
import type { Engine } from '../engines/engine.ts';
import { openLocalEngine } from '../engines/local/local-engine.ts';
import { COMMANDS, missingNeed } from '../engines/local/needs.ts';
import { REQUIRED } from '../engines/local/permission.ts';
import { which } from '../engines/local/toolchain.ts';
import { messageOf } from '../user-error.ts';
import {
  aptInstall,
  type Check,
  demote,
  type EngineChecks,
  missing,
  ok,
  optional,
  split,
} from './check.ts';
import { tryHosts } from './hosts.ts';
import { languageCheck, versionsCheck } from './languages.ts';

/** Not Python: it is among the languages. */
const TOOLS = ['nft', 'conntrack', 'ss', 'haproxy'] as const;

const WITHOUT = 'npm run lab -- --engine docker';

/**
 * What the local engine can do on this machine.
 *
 * @param languages those without which it is not ready
 */
export async function localChecks(
  languages: readonly NamedLanguage[],
  others: readonly NamedLanguage[] = [],
): Promise<EngineChecks> {
  const [hosts, toolchains, further, versions, tools, memory] = await Promise.all([
    hostsChecks(languages),
    Promise.all(languages.map(languageCheck)),
    Promise.all(others.map(languageCheck)),
    Promise.all([...languages, ...others].map(versionsCheck)),
    Promise.all(TOOLS.map(toolCheck)),
    memoryCheck(),
  ]);
  // Labs run without a capture and without the kernel's trace, if on less evidence.
  const needed = [...hosts.filter(({ name }) => name === 'local hosts'), ...toolchains];
  return {
    ready: needed.every(({ status }) => status === 'ok'),
    checks: [
      ...hosts,
      ...toolchains,
      ...further.map(demote),
      ...versions.flatMap((check) => check ?? []),
      ...tools,
      memory,
    ],
  };
}

/** Only the labs that need such a command cannot run without it. */
async function toolCheck(tool: (typeof TOOLS)[number]): Promise<Check> {
  const { command, debian } = COMMANDS[tool];
  const name = `local ${tool}`;
  const path = await which(command);
  if (path !== undefined) return ok(name, path);
  return optional(name, 'not on the PATH: labs that need it do not run', aptInstall(debian));
}

async function memoryCheck(): Promise<Check> {
  const name = 'local memory limit';
  const missed = await missingNeed('memory-limit', `doctor-${process.pid}`);
  if (!missed) return ok(name, 'a cgroup can be made');
  const { detail } = split(missed.unavailable);
  return optional(name, `${detail}: labs that need one do not run`, WITHOUT);
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

/** What a failure to make hosts means; the first command that its message names is the mend. */
export function explain(message: string): { detail: string; mend: string | null } {
  const detail = message.replace(/ Or use --engine docker\.$/, '');
  return { detail, mend: /`((?:sudo|docker run) [^`]+)`/.exec(message)?.[1] ?? WITHOUT };
}
