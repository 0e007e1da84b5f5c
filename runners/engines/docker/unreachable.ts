import { statSync } from 'node:fs';
import { EnvironmentError, messageOf } from '../../user-error.ts';
import { inContainer } from '../in-container.ts';
import type { EngineAddress } from './engine-address.ts';
import { refusalOf, statusOf } from './refusal.ts';

/** What Node.js says of a certificate that it does not trust. */
const UNTRUSTED = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_)/;

/**
 * Why Docker's API cannot be used, with the mend.
 *
 * @param isLate nobody has answered in time
 */
export function unreachable(
  address: EngineAddress,
  error: unknown,
  isLate: boolean,
  isContained = inContainer(),
): EnvironmentError {
  const code = String((error as { code?: unknown } | undefined)?.code ?? '');
  const text = explain(address, { code, why: messageOf(error), isLate, error, isContained });
  return new EnvironmentError(text);
}

type Failure = {
  readonly code: string;
  readonly why: string;
  readonly isLate: boolean;
  readonly error: unknown;
  readonly isContained: boolean;
};

function explain({ text, endpoint, tls }: EngineAddress, failure: Failure): string {
  const { code, why, isLate } = failure;
  if (endpoint.by === 'ssh' && !isLate) {
    const login = endpoint.user === undefined ? endpoint.host : `${endpoint.user}@${endpoint.host}`;
    const port = endpoint.port === undefined ? '' : `-p ${endpoint.port} `;
    return `Docker cannot be reached at ${text} (${why}): see what \`ssh ${port}${login} docker version\` says.`;
  }
  if (endpoint.by === 'tcp' && !isLate) {
    const ofTls = tls === null ? withoutTls(text, failure) : withTls(text, tls.cert, failure);
    if (ofTls !== undefined) return ofTls;
    if (code === 'ECONNREFUSED') {
      return `Nobody listens at ${text}: see that Docker runs there, and with this --host.`;
    }
  }
  if (endpoint.by === 'socket' && (code === 'EACCES' || code === 'EPERM')) {
    if (failure.isContained) {
      return `This user may not use Docker (${text}): start the container with --group-add ${groupOf(endpoint.path)}, or work as root in it.`;
    }
    return `This user may not use Docker (${text}): sudo usermod -aG docker "$USER", then log in again.`;
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return `Docker is not running at ${text}: systemctl start docker, or start Docker Desktop.`;
  }
  if (isLate && endpoint.by === 'socket') {
    return `Docker does not answer at ${text}: systemctl restart docker.`;
  }
  if (isLate) return `Docker does not answer at ${text}: see what \`docker version\` says.`;
  return `Docker cannot be used at ${text} (${why}): see what \`docker version\` says.`;
}

/** Of the group to which the socket belongs; a container knows its number only. */
function groupOf(path: string): number | string {
  return statSync(path, { throwIfNoEntry: false })?.gid ?? 'GROUP';
}

function withoutTls(text: string, { error }: Failure): string | undefined {
  if (statusOf(error) !== 400 || !refusalOf(error).includes('HTTPS server')) return undefined;
  return `Docker at ${text} speaks TLS only: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.`;
}

function withTls(
  text: string,
  cert: string | undefined,
  { code, why }: Failure,
): string | undefined {
  if (UNTRUSTED.test(code)) {
    return `The certificate of Docker at ${text} is not trusted (${why}): see that ca.pem beside the own certificate is of the CA that has signed it.`;
  }
  if (/wrong version number|packet length too long/.test(why)) {
    return `What listens at ${text} speaks no TLS: unset DOCKER_TLS_VERIFY, or write the port of TLS, which mostly is 2376.`;
  }
  const alert = /alert [a-z ]+/.exec(why)?.[0];
  if (alert === undefined) return undefined;
  return cert === undefined
    ? `Docker at ${text} wants a certificate of its client (${alert}): put cert.pem and key.pem beside ca.pem.`
    : `Docker at ${text} refuses the certificate of its client (${alert}): see that cert.pem is of a CA that the engine trusts.`;
}
