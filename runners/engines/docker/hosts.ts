import { HOSTS_OF, type HostName, needsAdministrator } from '../../catalog/topology.ts';
import { messageOf } from '../../user-error.ts';
import { Agent } from '../agent/agent.ts';
import { Capture } from '../capture.ts';
import type { Host, Role, Topology, TopologySpec } from '../engine.ts';
import type { Unavailable } from '../unavailable.ts';
import { readCompose, withProfiles } from './compose.ts';
import type { Compose, Service } from './compose-schema.ts';
import type { Container } from './container.ts';
import type { Docker } from './docker-client.ts';
import { type Links, routeCommands } from './routes.ts';
import { settle } from './settle.ts';
import { Stack, type StackPlace } from './stack.ts';
import type { Addresses } from './subnet.ts';

/** The images of the services, with their tags. */
export type HostImages = Readonly<Record<Role | 'tools', string>>;

type Means = {
  readonly images: HostImages;
  readonly capture: boolean;
  /** The processor for all hosts; undefined: the engine binds none. */
  readonly cpuset: string | undefined;
};

/** Makes the hosts of a topology from its compose file in docker/. */
export async function makeHosts(
  docker: Docker,
  place: StackPlace,
  spec: TopologySpec,
  means: Means,
): Promise<Topology> {
  const compose = await composeOf(spec, means);
  const stack = new Stack(docker, compose, place);
  try {
    const hosts = HOSTS_OF[spec.kind].map((name) => new DockerHost(name, spec, compose));
    const capture = await bringUp(stack, hosts, spec);
    return topologyOf(stack, hosts, spec, capture ?? leftOut);
  } catch (error) {
    await stack.close();
    throw error;
  }
}

/** A topology's compose file with all that a specification adds to it. */
export async function composeOf(
  spec: TopologySpec,
  { images, capture, cpuset }: Means,
): Promise<Compose> {
  const read = await readCompose(`docker/${spec.kind}.compose.yaml`, {
    CLIENT_IMAGE: images.client,
    SERVER_IMAGE: images.server,
    TOOLS_IMAGE: images.tools,
    ...(cpuset !== undefined && { CPUSET: cpuset }),
  });
  const isAdministered = needsAdministrator(spec.needs) || needsRoutes(spec);
  const compose = withProfiles(read, isAdministered ? ['administrators'] : []);
  const { services, networks } = compose;
  if (!capture) delete services.probe;
  if (cpuset === undefined) for (const service of Object.values(services)) delete service.cpuset;
  // A capability that nobody will use is none that anybody should have.
  if (!isAdministered) delete services.balancer?.cap_add;
  if (spec.ip === 6) {
    for (const network of Object.values(networks)) network.enable_ipv6 = true;
    setSysctls(services.router, { 'net.ipv6.conf.all.forwarding': 1 });
  }
  for (const [host, sysctls] of Object.entries(spec.sysctls)) {
    if (!services[host]) throw new Error(`topology ${spec.kind} has no host ${host} for sysctls`);
    setSysctls(services[host], sysctls);
  }
  return compose;
}

const leftOut: Unavailable = { unavailable: 'left out on request' };

function setSysctls(service: Service | undefined, sysctls: Readonly<Record<string, number>>): void {
  if (service) service.sysctls = { ...service.sysctls, ...sysctls };
}

/** Whether Docker's routes will not do, see routes.ts. */
function needsRoutes({ kind, ip }: TopologySpec): boolean {
  return kind === 'routed' || ip === 6;
}

/** A host, whose agents are others after a reboot. */
class DockerHost implements Host {
  readonly name: HostName;
  /** The services of its agents. */
  readonly services: { readonly agent: string; readonly administrator: string | undefined };
  address = '';
  readonly #isAdministered: boolean;
  #agents: { readonly agent: Agent; readonly administrator: Agent | undefined } | undefined;

  constructor(name: HostName, { needs }: TopologySpec, { services }: Compose) {
    const sidecar = `${name}-administrator`;
    const isOwn = services[name]?.cap_add?.includes('NET_ADMIN');
    const administrator = sidecar in services ? sidecar : isOwn ? name : undefined;
    this.name = name;
    this.services = { agent: name, administrator };
    this.#isAdministered = needsAdministrator(needs);
  }

  get agent(): Agent {
    if (!this.#agents) throw new Error(`the host ${this.name} is not there`);
    return this.#agents.agent;
  }

  get administrator(): Agent {
    if (!this.#isAdministered || !this.routes) {
      throw new Error(`the host ${this.name} was made without an administrator: state needs`);
    }
    return this.routes;
  }

  /** The administrator as far as the engine itself has need of one. */
  get routes(): Agent | undefined {
    return this.#agents?.administrator;
  }

  /** Listens to its agents. Must come before the containers start, or what they say first is lost. */
  listen(containers: ReadonlyMap<string, Container>): void {
    const { agent: own, administrator: other } = this.services;
    const agent = new Agent(this.name, containers.get(own) as Container);
    if (other === undefined) this.#agents = { agent, administrator: undefined };
    else if (other === own) this.#agents = { agent, administrator: agent };
    else {
      const container = containers.get(other) as Container;
      this.#agents = { agent, administrator: new Agent(other, container) };
    }
  }

  /** Waits for its agents. */
  async ready(containers: ReadonlyMap<string, Container>): Promise<void> {
    const { agent, administrator } = this.services;
    const agents = [
      [agent, this.#agents?.agent],
      [administrator, this.#agents?.administrator],
    ] as const;
    await settle(
      agents.map(async ([service = '', one]) => {
        await one?.ready.catch((error) => {
          const said = containers.get(service)?.said() || 'no message';
          throw new Error(`${messageOf(error)}: ${said}`);
        });
      }),
    );
  }
}

/**
 * Makes what is not there of a topology's containers, starts it and waits until these hosts can be used.
 *
 * @returns the capture, where it was among what was made
 */
async function bringUp(
  stack: Stack,
  hosts: readonly DockerHost[],
  spec: TopologySpec,
  { isAgain = false } = {},
): Promise<Capture | undefined> {
  const containers = await stack.create();
  for (const host of hosts) host.listen(containers);
  const probe = isAgain ? undefined : containers.get('probe');
  const capture = probe && new Capture(probe.output, probe.messages);
  await stack.start();
  // A capture that fails is told to whoever reads its packets.
  const listening = capture?.listening.catch(() => {});
  await settle(hosts.map((host) => host.ready(containers)));
  const links = await linksOf(stack, spec);
  for (const host of hosts) {
    const { ipv4 = '', ipv6 = '' } = links.addresses[host.name] ?? {};
    host.address = spec.ip === 6 ? ipv6 : ipv4;
  }
  await settle(
    hosts.map(async ({ name, routes }) => {
      // The agent carries them out in order.
      if (routes) await settle(routeCommands(name, links).map((words) => routes.run(...words)));
    }),
  );
  await listening;
  return capture;
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

function topologyOf(
  stack: Stack,
  hosts: readonly DockerHost[],
  spec: TopologySpec,
  capture: Capture | Unavailable,
): Topology {
  const entries = hosts.map((host) => [host.name, host] as const);
  const byName = Object.fromEntries(entries) as Record<Role, DockerHost>;
  let rebooted: Promise<void> = Promise.resolve();
  let isClosed = false;
  return {
    hosts: byName,
    capture,
    rebootServer() {
      const reboot = rebooted.then(async () => {
        if (isClosed) throw new Error('the hosts are being taken away: no reboot');
        await stack.remove('server');
        await bringUp(stack, [byName.server], spec, { isAgain: true });
      });
      rebooted = reboot.catch(() => {});
      return reboot;
    },
    async close() {
      isClosed = true;
      // What a reboot is making must be known, or it would be left behind.
      await rebooted;
      await stack.close();
    },
  };
}
