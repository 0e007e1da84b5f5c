import type { ContainerCreateOptions, NetworkCreateOptions } from 'dockerode';
import type { Network, Service } from './compose-schema.ts';
import type { Addresses, Subnets } from './subnet.ts';

/** What the engine adds to what the compose file says. */
export type Placement = {
  /** The service's name, by which others of its network find it. */
  readonly service: string;
  /** As Docker's API has it: a network's name, `none`, or `container:ID`. */
  readonly networkMode: string;
  /** On that network. */
  readonly addresses?: Addresses;
  readonly labels: Readonly<Record<string, string>>;
};

/** Docker's options for the container of a service. */
export function containerOptions(service: Service, place: Placement): ContainerCreateOptions {
  const onNetwork = service.networks !== undefined;
  const mac = service.mac_address && { MacAddress: service.mac_address };
  return {
    Image: service.image,
    ...(service.command && { Cmd: service.command }),
    ...(service.user && { User: service.user }),
    Env: Object.entries(service.environment ?? {}).map(([name, value]) => `${name}=${value}`),
    Labels: { ...service.labels, ...place.labels },
    OpenStdin: service.stdin_open ?? false,
    // Standard input is ours alone: when our end of it goes away, that is its end.
    StdinOnce: service.stdin_open ?? false,
    AttachStdin: service.stdin_open ?? false,
    AttachStdout: true,
    AttachStderr: true,
    // Here for engines before 25, and in the endpoint for the others, which take both if they are equal.
    ...mac,
    HostConfig: {
      // Ended containers are gone even if nobody is left to remove them.
      AutoRemove: true,
      NetworkMode: place.networkMode,
      CapDrop: service.cap_drop,
      CapAdd: service.cap_add,
      SecurityOpt: service.security_opt,
      ReadonlyRootfs: service.read_only,
      Tmpfs: Object.fromEntries((service.tmpfs ?? []).map(splitTmpfs)),
      ...mounts(service),
      ...memory(service),
      ...(service.cpuset && { CpusetCpus: service.cpuset }),
      PidsLimit: service.pids_limit,
      ...(service.sysctls && { Sysctls: sysctls(service.sysctls) }),
      Ulimits: Object.entries(service.ulimits ?? {}).map(([Name, limit]) => {
        return { Name, Soft: limit, Hard: limit };
      }),
      ...(service.logging && { LogConfig: { Type: service.logging.driver, Config: {} } }),
    },
    ...(onNetwork && {
      NetworkingConfig: {
        EndpointsConfig: {
          [place.networkMode]: { ...endpointOptions(place.service, place.addresses), ...mac },
        },
      },
    }),
  };
}

/** Docker's options for a service's place on a network. */
export function endpointOptions(service: string, addresses: Addresses | undefined): EndpointConfig {
  if (addresses === undefined) return { Aliases: [service] };
  const { ipv4, ipv6 } = addresses;
  return {
    Aliases: [service],
    IPAMConfig: { IPv4Address: ipv4, ...(ipv6 && { IPv6Address: ipv6 }) },
  };
}

type EndpointConfig = {
  Aliases: string[];
  IPAMConfig?: { IPv4Address: string; IPv6Address?: string };
};

/** Docker's options for a network. */
export function networkOptions(
  network: Network,
  place: { name: string; subnets: Subnets; labels: Readonly<Record<string, string>> },
): NetworkCreateOptions {
  const { ipv4, ipv6 } = place.subnets;
  const configs = (network.enable_ipv6 ? [ipv4, ipv6] : [ipv4]).map((Subnet) => ({ Subnet }));
  return {
    Name: place.name,
    // Engines before 25 allow several networks of one name unless asked not to.
    CheckDuplicate: true,
    Driver: 'bridge',
    Internal: network.internal ?? false,
    EnableIPv6: network.enable_ipv6 ?? false,
    Options: { ...network.driver_opts },
    Labels: { ...network.labels, ...place.labels },
    IPAM: { Driver: 'default', Config: configs },
  };
}

function splitTmpfs(text: string): [path: string, options: string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

function mounts({ volumes = [] }: Service): object {
  if (volumes.length === 0) return {};
  // A mount, unlike a "bind", is refused where the folder is not there.
  return {
    Mounts: volumes.map(({ source, target }) => ({ Type: 'bind', Source: source, Target: target })),
  };
}

function memory({ mem_limit: limit, memswap_limit: withSwap }: Service): object {
  return {
    ...(limit !== undefined && { Memory: bytes(limit) }),
    ...(withSwap !== undefined && { MemorySwap: bytes(withSwap) }),
  };
}

function bytes(size: string): number {
  const unit = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[size.slice(-1)] ?? 1;
  return Number.parseInt(size, 10) * unit;
}

function sysctls(values: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
