import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Unavailable } from '../unavailable.ts';

/** Where Docker's API is. Without `options` dockerode reads `DOCKER_HOST` and its relatives itself. */
export type EngineAddress = {
  readonly text: string;
  readonly options?:
    | { readonly socketPath: string }
    | { readonly host: string; readonly port: string };
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds Docker's API as the `docker` command does: `DOCKER_HOST`, then the chosen context, then the
 * default socket. Does not ask whether anybody answers there.
 */
export async function engineAddress(
  environment: Environment = process.env,
  home = homedir(),
): Promise<EngineAddress | Unavailable> {
  if (environment.DOCKER_HOST) return { text: environment.DOCKER_HOST };
  const folder = environment.DOCKER_CONFIG || join(home, '.docker');
  const context = environment.DOCKER_CONTEXT || (await chosenContext(folder));
  if (context !== undefined && context !== 'default') return contextAddress(folder, context);
  return defaultSocket(home);
}

async function defaultSocket(home: string): Promise<EngineAddress | Unavailable> {
  if (process.platform === 'win32') return { text: 'the default named pipe' };
  const sockets = ['/var/run/docker.sock', join(home, '.docker/run/docker.sock')];
  for (const socketPath of sockets) {
    const there = await access(socketPath).then(
      () => true,
      () => false,
    );
    if (there) return { text: socketPath, options: { socketPath } };
  }
  return {
    unavailable: `Docker is not running here (there is no ${sockets[0]}): systemctl start docker, or start Docker Desktop, or set DOCKER_HOST`,
  };
}

async function chosenContext(folder: string): Promise<string | undefined> {
  const { currentContext } = await readJson(join(folder, 'config.json'));
  return typeof currentContext === 'string' && currentContext !== '' ? currentContext : undefined;
}

async function contextAddress(
  folder: string,
  context: string,
): Promise<EngineAddress | Unavailable> {
  const key = createHash('sha256').update(context).digest('hex');
  const meta = await readJson(join(folder, 'contexts/meta', key, 'meta.json'));
  const { Host: host } =
    (meta.Endpoints as { docker?: { Host?: string } } | undefined)?.docker ?? {};
  if (host === undefined) {
    return {
      unavailable: `Docker's context "${context}" is not defined: docker context ls, then docker context use NAME`,
    };
  }
  const text = `${host} (context ${context})`;
  if (host.startsWith('unix://')) return { text, options: { socketPath: host.slice(7) } };
  const tcp = /^tcp:\/\/(.+):(\d+)\/?$/.exec(host);
  if (tcp?.[1] && tcp[2] && !(await hasKeys(folder, key))) {
    return { text, options: { host: tcp[1], port: tcp[2] } };
  }
  return {
    unavailable: `Docker's context "${context}" is ${host}, which is reached only through DOCKER_HOST (and DOCKER_CERT_PATH): set them`,
  };
}

function hasKeys(folder: string, key: string): Promise<boolean> {
  return access(join(folder, 'contexts/tls', key)).then(
    () => true,
    () => false,
  );
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
