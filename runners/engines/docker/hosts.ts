import { HOSTS_OF, type HostName } from '../../catalog/topology.ts';
import { Capture } from '../capture.ts';
import {
  ROLES,
  type Role,
  type RoleLanguages,
  type Topology,
  type TopologySpec,
} from '../engine.ts';
import type { Unavailable } from '../unavailable.ts';
import type { Docker } from './docker-client.ts';
import { DockerHost, type Runtime } from './docker-host.ts';
import { hostServices, mayChangeNetwork, type ServicesMeans } from './host-services.ts';
import { type Links, routeCommands } from './routes.ts';
import { settle } from './settle.ts';
import { Stack, type StackPlace } from './stack.ts';
import type { Addresses } from './subnet.ts';

type Means = ServicesMeans & {
  /** The image on which a language's programs run; builds it where it is not there. */
  readonly imageOf: (language: Runtime['language']) => Promise<string>;
};

/** Makes the hosts of a topology from its compose file in docker/. */
export async function makeHosts(
  docker: Docker,
  place: StackPlace,
  spec: TopologySpec,
  means: Means,
): Promise<Topology> {
  const { compose, programs } = await hostServices(spec, means);
  const stack = new Stack(docker, compose, place);
  const ofPrograms: Partial<Record<HostName, (typeof programs)[Role]>> = programs;
  const hosts = HOSTS_OF[spec.kind].map(
    (name) => new DockerHost(name, stack, spec, ofPrograms[name]),
  );
  const isRouted = (name: HostName) => mayChangeNetwork(compose.services[name]);
  const entries = hosts.map((host) => [host.name, host] as const);
  const byName = Object.fromEntries(entries) as Record<Role, DockerHost>;
  const admit = async (languages: RoleLanguages) => {
    await settle(
      ROLES.flatMap((role) => {
        const language = languages[role];
        if (!language) return [];
        return means.imageOf(language).then((image) => byName[role].admit({ language, image }));
      }),
    );
  };
  try {
    const watching: Promise<Capture | Unavailable> = compose.services.probe
      ? captureOn(stack)
      : leftOut;
    await settle<unknown>([watching, admit(spec.languages), ...hosts.map((host) => host.start())]);
    const capture = await watching;
    const links = await linksOf(stack, spec);
    for (const host of hosts) {
      const { ipv4 = '', ipv6 = '' } = links.addresses[host.name] ?? {};
      host.address = spec.ip === 6 ? ipv6 : ipv4;
    }
    const routed = hosts.filter(({ name }) => isRouted(name));
    await settle(routed.map((host) => setRoutes(host, links)));
    return {
      hosts: byName,
      capture,
      admit,
      async rebootServer() {
        const counters = await byName.server.forget();
        if (counters) return counters;
        await byName.server.remake();
        if (isRouted('server')) await setRoutes(byName.server, links);
        return [];
      },
      close: () => stack.close(),
    };
  } catch (error) {
    await stack.close();
    throw error;
  }
}

const leftOut: Promise<Unavailable> = Promise.resolve({ unavailable: 'left out on request' });

/** Starts the probe. */
async function captureOn(stack: Stack): Promise<Capture> {
  const { output, messages } = await stack.create('probe');
  const capture = new Capture(output, messages);
  await stack.start('probe');
  // A capture that fails is told to whoever reads its packets.
  await capture.untilListening().catch(() => {});
  return capture;
}

/** Lets a host's agent, who carries them out in order, run what finishes its network stack. */
async function setRoutes({ name, agent }: DockerHost, links: Links): Promise<void> {
  await settle(routeCommands(name, links).map((words) => agent.run(...words)));
}

async function linksOf(stack: Stack, { kind }: TopologySpec): Promise<Links> {
  const addresses: Partial<Record<HostName, Addresses>> = {};
  const gateways: Partial<Record<HostName, readonly Addresses[]>> = {};
  for (const host of HOSTS_OF[kind]) {
    const networks = stack.networksOf(host);
    addresses[host] = await stack.addresses(host, networks[0] ?? '');
    gateways[host] = await settle(networks.map((network) => stack.gateway(network)));
  }
  return { kind, addresses, gateways };
}
