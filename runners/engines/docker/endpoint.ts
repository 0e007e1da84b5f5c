import { EnvironmentError } from '../../user-error.ts';

/** What an address of Docker's API means, `DOCKER_HOST` or that of a context. */
export type Endpoint =
  /** A Unix socket or, on Windows, a named pipe. */
  | { readonly by: 'socket'; readonly path: string }
  | { readonly by: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly by: 'ssh';
      readonly user: string | undefined;
      readonly host: string;
      readonly port: number | undefined;
      /** Of the engine's socket there, if not the usual one. */
      readonly path: string | undefined;
    };

export const DEFAULT_SOCKET = '/var/run/docker.sock';
export const DEFAULT_PIPE = '//./pipe/docker_engine';
const DEFAULT_HOST = 'localhost';
const DEFAULT_PORT = 2375;

/**
 * Reads an address as the `docker` command does, which takes one without a scheme for `tcp://`.
 *
 * @param from what the address was given by, for the error
 * @throws EnvironmentError which says what to write
 */
export function parseEndpoint(text: string, from: string): Endpoint {
  const refuse = (
    mend = 'write unix:///PATH, tcp://HOST:PORT or ssh://[USER@]HOST[:PORT]',
  ): never => {
    throw new EnvironmentError(`${from} is "${text}": ${mend}.`);
  };
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(text.trim()) ?? [];
  switch (scheme) {
    case 'unix':
      return { by: 'socket', path: rest || DEFAULT_SOCKET };
    case 'npipe':
      return { by: 'socket', path: rest || DEFAULT_PIPE };
    case 'tcp': {
      const { host, port, path, ...more } = split(rest) ?? refuse();
      if (more.user !== undefined || path) refuse();
      return { by: 'tcp', host: host || DEFAULT_HOST, port: port ?? DEFAULT_PORT };
    }
    case 'ssh': {
      const parts = split(rest) ?? refuse();
      const { user, host } = parts;
      if (user?.includes(':')) refuse('leave the password out, keys do instead');
      if (!host) refuse();
      // They become words of a command, and must be none of its options.
      if (host.startsWith('-') || user?.startsWith('-')) refuse('no name begins with a hyphen');
      return { by: 'ssh', ...parts };
    }
    default:
      return refuse();
  }
}

type Parts = {
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string | undefined;
};

/** `[USER@]HOST[:PORT][/PATH]`; an address of IPv6 stands in brackets, which are kept. */
function split(text: string): Parts | undefined {
  const found = /^(?:([^@/]*)@)?(\[[\da-f:.]+\]|[^@/:[\]\s?#]*)(?::(\d+))?(\/.*)?$/i.exec(text);
  if (!found) return undefined;
  const [, user, host = '', port, path] = found;
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) return undefined;
  return {
    ...{ user, host },
    port: port === undefined ? undefined : Number(port),
    path: path === '/' ? undefined : path,
  };
}
