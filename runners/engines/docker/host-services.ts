import { needsAdministrator } from '../../catalog/topology.ts';
import { ROLES, type Role, type TopologySpec } from '../engine.ts';
import { readCompose } from './compose.ts';
import type { Compose, Service } from './compose-schema.ts';

export type ServicesMeans = {
  /** The image of the tools, with its tag. */
  readonly tools: string;
  readonly capture: boolean;
  /** The processor for all hosts; undefined: the engine binds none. */
  readonly cpuset: string | undefined;
};

export type HostServices = {
  /** The hosts, and the probe where packets are captured. */
  readonly compose: Compose;
  /** For the programs of any language on a host; the image is another for each. */
  readonly programs: Readonly<Record<Role, Service>>;
};

/** A topology's compose file of docker/ with all that a specification adds to it. */
export async function hostServices(
  spec: TopologySpec,
  { tools, capture, cpuset }: ServicesMeans,
): Promise<HostServices> {
  const compose = await readCompose(`docker/${spec.kind}.compose.yaml`, {
    TOOLS_IMAGE: tools,
    ...(cpuset !== undefined && { CPUSET: cpuset }),
  });
  const { services, networks } = compose;
  if (!capture) delete services.probe;
  if (cpuset === undefined) for (const service of Object.values(services)) delete service.cpuset;
  // A capability that nobody will use is none that anybody should have; for the server's see reboot.ts.
  if (!needsAdministrator(spec.needs) && !needsRoutes(spec)) {
    for (const [name, service] of Object.entries(services)) {
      if (name === 'server') service.cap_add = ['NET_ADMIN'];
      else if (name !== 'probe') delete service.cap_add;
    }
  }
  if (spec.ip === 6) {
    for (const network of Object.values(networks)) network.enable_ipv6 = true;
    setSysctls(services.router, { 'net.ipv6.conf.all.forwarding': 1 });
  }
  for (const [host, sysctls] of Object.entries(spec.sysctls)) {
    if (!services[host]) throw new Error(`topology ${spec.kind} has no host ${host} for sysctls`);
    setSysctls(services[host], sysctls);
  }
  const programs = ROLES.map((role) => {
    const name = `${role}-programs`;
    const service = services[name];
    if (!service) throw new Error(`topology ${spec.kind} has no service ${name}`);
    delete services[name];
    return [role, service] as const;
  });
  return { compose, programs: Object.fromEntries(programs) as HostServices['programs'] };
}

/** Whether a service may change the network stack that it has. */
export function mayChangeNetwork(service: Service | undefined): boolean {
  return service?.cap_add?.includes('NET_ADMIN') ?? false;
}

function setSysctls(service: Service | undefined, sysctls: Readonly<Record<string, number>>): void {
  if (service) service.sysctls = { ...service.sysctls, ...sysctls };
}

/** Whether Docker's routes will not do, see routes.ts. */
function needsRoutes({ kind, ip }: TopologySpec): boolean {
  return kind === 'routed' || ip === 6;
}
