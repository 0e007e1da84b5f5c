import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { inProject } from '../../paths.ts';
import { messageOf, UserError } from '../../user-error.ts';
import { type Compose, composeSchema, type Service } from './compose-schema.ts';
import { interpolateAll, type Variables } from './interpolation.ts';

/**
 * Reads a compose file of the project.
 *
 * @param file relative to the project's folder
 * @throws UserError with file, key and mend
 */
export async function readCompose(file: string, variables: Variables): Promise<Compose> {
  return parseCompose(file, await readFile(inProject(file), 'utf8'), variables);
}

/** The same for the text of a file. */
export function parseCompose(file: string, text: string, variables: Variables): Compose {
  const tree = readTree(file, text, variables);
  const result = v.safeParse(composeSchema, tree);
  if (!result.success) throw new UserError(`${file}: ${sentence(result.issues[0])}`);
  for (const [name, service] of Object.entries(result.output.services)) {
    checkReferences(file, name, service, result.output);
  }
  startOrder(file, result.output);
  return result.output;
}

/** The services that must run before a service is started. */
export function startsAfter(service: Service): string[] {
  const joined = joinedService(service);
  return [...(service.depends_on ?? []), ...(joined === undefined ? [] : [joined])];
}

/** The service whose network stack a service shares. */
export function joinedService({ network_mode: mode }: Service): string | undefined {
  return mode?.startsWith('service:') ? mode.slice('service:'.length) : undefined;
}

function readTree(file: string, text: string, variables: Variables): unknown {
  try {
    const tree: unknown = parse(text, { merge: true });
    if (typeof tree !== 'object' || tree === null) throw new Error('it has no keys');
    // Names that begin with x- are everybody's own by the specification; ours hold only anchors.
    const entries = Object.entries(tree).filter(([key]) => !key.startsWith('x-'));
    return interpolateAll(Object.fromEntries(entries), variables);
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

function sentence(issue: v.InferIssue<typeof composeSchema>): string {
  const key = v.getDotPath(issue) ?? 'the file';
  // What a record or an object gets under a name that its schema does not have.
  if (issue.expected === 'never') {
    return `${key} is not mapped onto Docker's API. Remove it, or map it in runners/engines/docker/compose-schema.ts and create-options.ts.`;
  }
  if (issue.received === 'undefined') return `${key} is missing. Add it.`;
  return `${key} is ${issue.received}, but must be ${mend(issue.expected)}.`;
}

function mend(expected: string | null): string {
  if (expected === 'Array') return 'a list';
  if (expected === 'Object') return 'a map';
  return expected ?? 'something else';
}

function checkReferences(file: string, name: string, service: Service, compose: Compose): void {
  const refuse = (key: string, what: string, wrong: string): never => {
    throw new UserError(
      `${file}: services.${name}.${key} names the ${what} "${wrong}". Declare it.`,
    );
  };
  for (const other of startsAfter(service)) {
    if (!(other in compose.services)) refuse('depends_on or network_mode', 'service', other);
  }
  for (const network of service.networks ?? []) {
    if (!(network in compose.networks)) refuse('networks', 'network', network);
  }
  // What belongs to a network stack cannot be said of one that is another's, or has no network.
  for (const key of ['networks', 'mac_address', 'sysctls'] as const) {
    if (service[key] && service.network_mode) {
      throw new UserError(
        `${file}: services.${name} has ${key} and network_mode. Keep one of them.`,
      );
    }
  }
  if (service.mac_address && !service.networks) {
    throw new UserError(
      `${file}: services.${name} has mac_address, but no networks. Write its networks.`,
    );
  }
  if (new Set(service.networks).size < (service.networks ?? []).length) {
    throw new UserError(`${file}: services.${name}.networks names one twice. Remove it.`);
  }
  if (service.memswap_limit && !service.mem_limit) {
    throw new UserError(
      `${file}: services.${name} has memswap_limit, but no mem_limit. Write its mem_limit.`,
    );
  }
}

/** @throws UserError where services wait for each other in a circle */
function startOrder(file: string, { services }: Compose): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(' → ');
      throw new UserError(
        `${file}: services wait for each other: ${circle}. Remove one depends_on.`,
      );
    }
    if (done.has(name)) return;
    for (const other of startsAfter(services[name] as Service)) visit(other, [...path, name]);
    done.add(name);
  };
  for (const name of Object.keys(services)) visit(name, []);
}
