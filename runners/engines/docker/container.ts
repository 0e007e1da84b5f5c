import type { Duplex, Readable, Writable } from 'node:stream';
import type { ContainerCreateOptions, Container as DockerContainer } from 'dockerode';
import { until, within } from '../../deadline.ts';
import { EnvironmentError } from '../../user-error.ts';
import { demultiplex } from './demultiplex.ts';
import { type Docker, REQUEST_DEADLINE_MS, requestDeadline } from './docker-client.ts';
import { refusalOf, statusOf } from './refusal.ts';

/** A created container, attached: nothing that it says is lost, and it can be started. */
export type Container = {
  readonly id: string;
  readonly name: string;
  readonly input: Writable;
  readonly output: Readable;
  readonly messages: Readable;
  /** Resolves when its streams have ended: it has, or the engine is out of reach. */
  readonly ended: Promise<void>;
  /** The end of what it said on standard error. */
  said(): string;
  start(): Promise<void>;
  /** Kills it if need be; resolves when it is gone. May be called at any time and more than once. */
  remove(): Promise<void>;
};

/** @throws EnvironmentError where the name is taken or the engine refuses the container */
export async function createContainer(
  docker: Docker,
  options: ContainerCreateOptions & { readonly name: string },
): Promise<Container> {
  const container = await create(docker, options);
  try {
    return await attach(container, options);
  } catch (error) {
    await removeContainer(container);
    throw error;
  }
}

/** Kills and removes a container; resolves when it is gone, also if somebody else removed it. */
export async function removeContainer(container: DockerContainer): Promise<void> {
  await until(`the removal of container ${container.id.slice(0, 12)}`, async () => {
    try {
      await container.remove({ force: true, v: true, ...requestDeadline() });
      return true;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return true;
      // Conflict: it has ended by itself, and the engine is about to remove it.
      if (status === 409) return undefined;
      throw error;
    }
  });
}

async function create(
  docker: Docker,
  options: ContainerCreateOptions & { readonly name: string },
): Promise<DockerContainer> {
  try {
    return await docker.createContainer({ ...options, ...requestDeadline() });
  } catch (error) {
    if (statusOf(error) === 409) {
      throw new EnvironmentError(
        `A container named ${options.name} is already there: another run has the same name. Take it away: docker rm --force ${options.name}`,
      );
    }
    if (statusOf(error) === 404 && /no such image/i.test(refusalOf(error))) {
      throw new EnvironmentError(
        `The image ${options.Image} was removed while the run needed it. Build it again: npm run images`,
      );
    }
    throw refused(options.name, error);
  }
}

async function attach(
  container: DockerContainer,
  options: ContainerCreateOptions & { readonly name: string },
): Promise<Container> {
  const { name } = options;
  const streams = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
  // A signal that gives the request up would later end the stream.
  const attachment = container.attach(streams) as Promise<Duplex>;
  const stream = await within(`the attachment to ${name}`, attachment, REQUEST_DEADLINE_MS);
  const { output, messages } = demultiplex(stream);
  let said = '';
  messages.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const ended = new Promise<void>((resolve) => stream.on('close', resolve));
  return {
    id: container.id,
    name,
    input: stream,
    output,
    messages,
    ended,
    said: () => said.trim(),
    async start() {
      try {
        await container.start(requestDeadline());
      } catch (error) {
        throw refused(name, error, options.HostConfig?.Sysctls);
      }
    },
    async remove() {
      // An open stream would keep this process from ending, also where the engine is silent.
      await removeContainer(container).finally(() => stream.destroy());
    },
  };
}

function refused(
  name: string,
  error: unknown,
  sysctls: Readonly<Record<string, string>> = {},
): EnvironmentError {
  const why = refusalOf(error);
  // Runtimes name the file, or the sysctl as it was written.
  const sysctl = Object.keys(sysctls).find(
    (key) => why.includes(`/${key.replaceAll('.', '/')}:`) || why.includes(`"${key}"`),
  );
  if (sysctl !== undefined) {
    const mend = sysctl.startsWith('net.netfilter.nf_conntrack')
      ? " On Docker's machine, load what has it: modprobe nf_conntrack"
      : '';
    return new EnvironmentError(
      `Docker cannot set the sysctl ${sysctl} to ${sysctls[sysctl]} in the container ${name}: ${why}.${mend}`,
    );
  }
  return new EnvironmentError(`Docker cannot run the container ${name}: ${why}`);
}
