import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npmRuns, wrongIn } from './_workflow.ts';

/** What the definition may say. What is not here gives the container more than it needs, or opens a port. */
const KEYS = ['name', 'build', 'containerUser', 'init', 'securityOpt', 'postCreateCommand'];
const OPTIONS = ['seccomp=unconfined', 'systempaths=unconfined', 'apparmor=unconfined'];

/** All that is wrong with a dev container's definition. */
export function wrongInDefinition(file: string, makefile: string): string[] {
  let definition: Record<string, unknown>;
  try {
    definition = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return [`no JSON: ${error}`];
  }
  const { build, securityOpt, containerUser, postCreateCommand } = definition;
  return [
    ...Object.keys(definition)
      .filter((key) => !KEYS.includes(key))
      .map((key) => `it may not say "${key}"`),
    ...wrongOptions(securityOpt),
    ...wrongBuild(build, file, containerUser),
    ...wrongCommand(postCreateCommand, makefile),
  ];
}

function wrongOptions(given: unknown): string[] {
  const options = Array.isArray(given) ? given.map(String) : [];
  return [
    ...options.filter((one) => !OPTIONS.includes(one)).map((one) => `it may not lift "${one}"`),
    ...OPTIONS.filter((one) => !options.includes(one)).map((one) => `it does not lift "${one}"`),
  ];
}

function wrongBuild(build: unknown, file: string, user: unknown): string[] {
  const { dockerfile = '', ...rest } = (build ?? {}) as { dockerfile?: string };
  const path = join(dirname(file), dockerfile);
  if (dockerfile === '' || !existsSync(path)) return [`there is no Dockerfile "${dockerfile}"`];
  const text = readFileSync(path, 'utf8');
  return [
    ...Object.keys(rest).map((key) => `its build may not say "${key}"`),
    ...(typeof user !== 'string' || user === 'root' ? ['its user is root'] : []),
    ...(text.includes(`useradd --create-home --shell /bin/bash --uid 1000 ${user}\n`)
      ? []
      : [`the Dockerfile makes no user "${user}"`]),
  ];
}

function wrongCommand(given: unknown, makefile: string): string[] {
  const command = String(given ?? '');
  const [, target] = /^make ([a-z-]+)$/.exec(command) ?? [];
  if (target !== undefined) {
    return new RegExp(`^${target}: .*## `, 'm').test(makefile)
      ? []
      : [`the Makefile has no target "${target}"`];
  }
  const runs = npmRuns(command);
  return runs.length > 0 ? runs.flatMap(wrongIn) : [`"${command}" is no command of the project`];
}
