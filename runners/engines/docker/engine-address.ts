import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exists } from '../../paths.ts';
import { EnvironmentError, messageOf } from '../../user-error.ts';
import { inContainer } from '../in-container.ts';
import type { Unavailable } from '../unavailable.ts';
import { DEFAULT_PIPE, DEFAULT_SOCKET, type Endpoint, parseEndpoint } from './endpoint.ts';
import { readTls, type Tls } from './tls.ts';

/** Where Docker's API is, and with which certificates it is reached. */
export type EngineAddress = {
  /** For a person. */
  readonly text: string;
  readonly endpoint: Endpoint;
  /** Of an endpoint by TCP; null: without TLS. */
  readonly tls: Tls | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds Docker's API as the `docker` command does: `DOCKER_HOST`, then the chosen context, then the
 * default socket. Does not ask whether anybody answers there.
 *
 * @returns the address, or why there is none, with the mend
 */
export async function engineAddress(
  environment: Environment = process.env,
  home = homedir(),
): Promise<EngineAddress | Unavailable> {
  try {
    return await resolve(environment, home);
  } catch (error) {
    if (error instanceof EnvironmentError) return { unavailable: error.message };
    throw error;
  }
}

async function resolve(environment: Environment, home: string): Promise<EngineAddress> {
  const folder = environment.DOCKER_CONFIG || join(home, '.docker');
  if (environment.DOCKER_HOST) return byEnvironment(environment.DOCKER_HOST, environment, folder);
  const context = environment.DOCKER_CONTEXT || (await chosenContext(folder));
  if (context !== undefined && context !== 'default') return byContext(folder, context);
  if (asksForTls(environment)) return byEnvironment('tcp://localhost:2376', environment, folder);
  return defaultSocket(home);
}

/** Any value does, also `0`. */
function asksForTls(environment: Environment): boolean {
  return Boolean(environment.DOCKER_TLS_VERIFY || environment.DOCKER_TLS);
}

async function byEnvironment(
  text: string,
  environment: Environment,
  folder: string,
): Promise<EngineAddress> {
  const endpoint = parseEndpoint(text, 'DOCKER_HOST');
  if (endpoint.by !== 'tcp' || !asksForTls(environment)) return { text, endpoint, tls: null };
  const isVerified = Boolean(environment.DOCKER_TLS_VERIFY);
  const certificates = environment.DOCKER_CERT_PATH || folder;
  const tls = await readTls(certificates, { isVerified });
  if (isVerified && tls.ca === undefined) {
    throw new EnvironmentError(
      `DOCKER_TLS_VERIFY is set, but ${join(certificates, 'ca.pem')} is not there: set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.`,
    );
  }
  return { text, endpoint, tls };
}

async function byContext(folder: string, context: string): Promise<EngineAddress> {
  const key = createHash('sha256').update(context).digest('hex');
  const meta = await readJson(join(folder, 'contexts/meta', key, 'meta.json'));
  const { Host: host, SkipTLSVerify: isUnverified = false } =
    (meta.Endpoints as { docker?: { Host?: string; SkipTLSVerify?: boolean } } | undefined)
      ?.docker ?? {};
  if (host === undefined) {
    throw new EnvironmentError(
      `Docker's context "${context}" is not defined: docker context ls, then docker context use NAME.`,
    );
  }
  const text = `${host} (context ${context})`;
  const endpoint = parseEndpoint(host, `The address of Docker's context "${context}"`);
  if (endpoint.by !== 'tcp') return { text, endpoint, tls: null };
  const tls = await readTls(join(folder, 'contexts/tls', key, 'docker'), {
    isVerified: !isUnverified,
  });
  const isPlain = tls.ca === undefined && tls.cert === undefined && tls.isVerified;
  return { text, endpoint, tls: isPlain ? null : tls };
}

async function defaultSocket(home: string): Promise<EngineAddress> {
  const at = (path: string): EngineAddress => {
    return { text: path, endpoint: { by: 'socket', path }, tls: null };
  };
  if (process.platform === 'win32') return at(DEFAULT_PIPE);
  for (const path of [DEFAULT_SOCKET, join(home, '.docker/run/docker.sock')]) {
    if (await exists(path)) return at(path);
  }
  throw new EnvironmentError(noSocket(inContainer()));
}

/** Why there is no engine at the default socket, with the mend. */
export function noSocket(isContained: boolean): string {
  return isContained
    ? `Docker's socket is not in this container (there is no ${DEFAULT_SOCKET}): start the container with --volume ${DEFAULT_SOCKET}:${DEFAULT_SOCKET}, or set DOCKER_HOST.`
    : `Docker is not running here (there is no ${DEFAULT_SOCKET}): systemctl start docker, or start Docker Desktop, or set DOCKER_HOST.`;
}

async function chosenContext(folder: string): Promise<string | undefined> {
  const { currentContext } = await readJson(join(folder, 'config.json'));
  return typeof currentContext === 'string' && currentContext !== '' ? currentContext : undefined;
}

/** @throws EnvironmentError for a file that is no JSON: on what it says, another engine may be meant */
async function readJson(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new EnvironmentError(
      `${file} cannot be read (${messageOf(error)}): mend it, or set DOCKER_HOST.`,
    );
  }
}
