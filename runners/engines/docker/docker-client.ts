import type Dockerode from 'dockerode';
import { DeadlineError, PATIENCE_MS } from '../../deadline.ts';
import { EnvironmentError } from '../../user-error.ts';
import { isUnavailable } from '../unavailable.ts';
import { clientOptions } from './client-options.ts';
import { engineAddress } from './engine-address.ts';
import { newClient } from './load-dockerode.ts';

/** Docker's API. */
export type Docker = Dockerode;

/** What the types of dockerode do not tell. */
type Versioned = {
  version(options: { abortSignal: AbortSignal }): Promise<Dockerode.DockerVersion>;
};

export type EngineVersion = { readonly title: string; readonly kernel: string };

/** For what an engine in order does in a second or two. */
export const REQUEST_DEADLINE_MS = 4 * PATIENCE_MS;

/**
 * Connects to Docker's API and sees that it answers.
 *
 * @param deadlineMs long enough for a busy engine; one that systemd has to start first needs some seconds
 * @throws EnvironmentError which says what to run
 */
export async function connectDocker(
  deadlineMs = PATIENCE_MS,
): Promise<{ docker: Docker; version: EngineVersion }> {
  const address = await engineAddress();
  if (isUnavailable(address)) throw new EnvironmentError(address.unavailable);
  const docker = namingLateRequests(newClient(await clientOptions(address)));
  // A request that was only given up would keep the process from ending.
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const answer = await (docker as Versioned).version({ abortSignal: deadline });
    return { docker, version: readVersion(answer) };
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    const { unreachable } = await import('./unreachable.ts');
    throw unreachable(address, error, deadline.aborted);
  }
}

/**
 * An option for requests that an engine in order fulfils in a second or two.
 *
 * @returns a signal that gives the request up after {@link REQUEST_DEADLINE_MS}
 */
export function requestDeadline(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(REQUEST_DEADLINE_MS) };
}

type Dial = (
  options: { readonly method: string; readonly path: string },
  callback: (error: Error | null, answer?: unknown) => void,
) => void;

/** What is given up is told as an answer that did not come, and to which request. */
function namingLateRequests(docker: Docker): Docker {
  const modem = docker.modem as { dial: Dial };
  const dial = modem.dial.bind(docker.modem);
  modem.dial = (options, callback) => {
    // Before it is sent: dockerode adds the parameters to the path.
    const path = options.path.replace(/\?.*/, '').replace(/[0-9a-f]{52}(?=\/|$)/, '');
    const request = `${options.method} ${path}`;
    dial(options, (error, answer) => {
      if (error?.name !== 'AbortError') return callback(error, answer);
      callback(new DeadlineError(`Docker's answer to ${request}`, REQUEST_DEADLINE_MS));
    });
  };
  return docker;
}

function readVersion(answer: Dockerode.DockerVersion): EngineVersion {
  const { Version: version, KernelVersion: kernel = '', Os: os } = answer;
  if (os !== 'linux') {
    throw new EnvironmentError(
      `Docker runs ${os} containers here, the labs need Linux: switch Docker Desktop to Linux containers.`,
    );
  }
  return { title: `docker ${majorMinor(version)}`, kernel };
}

function majorMinor(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}
