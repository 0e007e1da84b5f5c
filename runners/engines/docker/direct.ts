import { messageOf } from '../../user-error.ts';
import { Agent } from '../agent/agent.ts';
import { Capture } from '../capture.ts';
import type { Host, Role, Topology } from '../engine.ts';
import type { Unavailable } from '../unavailable.ts';
import { readCompose } from './compose.ts';
import type { Container } from './container.ts';
import type { Docker } from './docker-client.ts';
import { Stack, type StackPlace } from './stack.ts';

/** The images of the services, with their tags. */
export type DirectImages = Readonly<Record<Role | 'tools', string>>;

/** Makes the two hosts of topology `direct` from docker/direct.compose.yaml. */
export async function makeDirect(
  docker: Docker,
  place: StackPlace,
  images: DirectImages,
  { capture: isCaptured, cpuset }: { readonly capture: boolean; readonly cpuset: string },
): Promise<Topology> {
  const compose = await readCompose('docker/direct.compose.yaml', {
    CLIENT_IMAGE: images.client,
    SERVER_IMAGE: images.server,
    TOOLS_IMAGE: images.tools,
    CPUSET: cpuset,
  });
  if (!isCaptured) delete compose.services.probe;
  const stack = new Stack(docker, compose, place);
  try {
    const containers = await stack.create();
    // Whoever reads must be there before the containers start, or what they say first is lost.
    const agents = {
      client: new Agent('client', containers.get('client') as Container),
      server: new Agent('server', containers.get('server') as Container),
    };
    const probe = containers.get('probe');
    const capture = probe && new Capture(probe.output, probe.messages);
    await stack.start();
    const host = async (role: Role): Promise<Host> => {
      const address = stack.address(role);
      await agents[role].ready.catch((error) => {
        throw new Error(`${messageOf(error)}: ${containers.get(role)?.said() || 'no message'}`);
      });
      return { role, agent: agents[role], address: await address };
    };
    // A capture that fails is told to whoever reads its packets.
    const listening = capture?.listening.catch(() => {});
    const [client, server] = await Promise.all([host('client'), host('server'), listening]);
    return {
      hosts: { client, server },
      capture: capture ?? leftOut,
      close: () => stack.close(),
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

const leftOut: Unavailable = { unavailable: 'left out on request' };
