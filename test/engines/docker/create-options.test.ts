import test from 'ava';
import { TOPOLOGY_NAMES } from '../../../runners/catalog/topology.ts';
import { CAPTURE_COMMAND } from '../../../runners/engines/capture.ts';
import { readCompose } from '../../../runners/engines/docker/compose.ts';
import type { Service } from '../../../runners/engines/docker/compose-schema.ts';
import {
  containerOptions,
  endpointOptions,
  networkOptions,
} from '../../../runners/engines/docker/create-options.ts';

const place = {
  service: 'client',
  networkMode: 'net',
  addresses: { ipv4: '198.19.0.2' },
  labels: { 'reset-labs.run': 'r' },
};
const direct = await readCompose('docker/direct.compose.yaml', {});
const routed = await readCompose('docker/routed.compose.yaml', {});
const proxied = await readCompose('docker/proxied.compose.yaml', {});
const tracer = await readCompose('docker/tracer.compose.yaml', {});

test("a host's options", (t) => {
  t.deepEqual(containerOptions(direct.services.client as Service, place), {
    Image: 'reset-labs/tools:latest',
    Cmd: ['bash', '/opt/lab/agent.sh', '/run/lab'],
    User: '0:0',
    Env: ['LC_ALL=C.UTF-8', 'SOCKETS_BY=ss'],
    Labels: { 'reset-labs.role': 'client', 'reset-labs.run': 'r' },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    MacAddress: '02:00:00:00:00:01',
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'net',
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      SecurityOpt: ['no-new-privileges:true'],
      ReadonlyRootfs: true,
      Tmpfs: { '/run/lab': 'mode=0700,size=32m' },
      Memory: 256 * 2 ** 20,
      MemorySwap: 256 * 2 ** 20,
      CpusetCpus: '0',
      PidsLimit: 256,
      Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 1024 }],
      LogConfig: { Type: 'none', Config: {} },
    },
    NetworkingConfig: {
      EndpointsConfig: {
        net: {
          Aliases: ['client'],
          IPAMConfig: { IPv4Address: '198.19.0.2' },
          MacAddress: '02:00:00:00:00:01',
        },
      },
    },
  });
});

test("the options of a language's programs", (t) => {
  const service = direct.services['server-programs'] as Service;
  const networkMode = 'container:0123';
  const options = containerOptions(service, { service: 'server-python', networkMode, labels: {} });
  t.like(options, {
    Image: 'reset-labs/python:latest',
    Cmd: ['/opt/lab/shell', '/opt/lab/agent.sh', '/run/lab'],
    User: '10001:10001',
    NetworkingConfig: undefined,
  });
  t.like(options.HostConfig, {
    NetworkMode: networkMode,
    CapAdd: undefined,
    Tmpfs: { '/run/lab': 'uid=10001,gid=10001,mode=0700,size=32m' },
    Memory: 256 * 2 ** 20,
    MemorySwap: 256 * 2 ** 20,
  });
});

test('sysctls are texts for Docker', (t) => {
  const service = { image: 'x', sysctls: { 'net.ipv4.ip_forward': 1, 'net.core.somaxconn': 0 } };
  const { HostConfig } = containerOptions(service, { ...place, networkMode: 'net' });
  t.deepEqual(HostConfig?.Sysctls, { 'net.ipv4.ip_forward': '1', 'net.core.somaxconn': '0' });
  const without = containerOptions({ image: 'x' }, { ...place, networkMode: 'none' });
  t.false('Sysctls' in (without.HostConfig ?? {}));
  t.false('MacAddress' in without);
  t.false('MemorySwap' in (without.HostConfig ?? {}));
});

test("a place on a network has the addresses of the network's versions", (t) => {
  t.deepEqual(endpointOptions('a', undefined), { Aliases: ['a'] });
  t.deepEqual(endpointOptions('a', { ipv4: '198.19.0.2', ipv6: 'fd00::2' }), {
    Aliases: ['a'],
    IPAMConfig: { IPv4Address: '198.19.0.2', IPv6Address: 'fd00::2' },
  });
});

test('the tracer has the only mount, and it is of the kernel', (t) => {
  const options = containerOptions(tracer.services.tracer as Service, {
    ...place,
    networkMode: 'none',
  });
  t.deepEqual(options.HostConfig?.Mounts as unknown, [
    { Type: 'bind', Source: '/sys/kernel/tracing', Target: '/tracing' },
  ]);
  t.is(options.NetworkingConfig, undefined);
  for (const { services } of [direct, routed, proxied]) {
    for (const { volumes } of Object.values(services)) t.is(volumes, undefined);
  }
});

test('every service is hardened', (t) => {
  const all = [direct, routed, proxied, tracer].flatMap(({ services }) => Object.entries(services));
  for (const [name, service] of all) {
    t.deepEqual(service.cap_drop, ['ALL'], name);
    t.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    t.true(service.read_only, name);
    for (const limit of ['mem_limit', 'pids_limit', 'ulimits'] as const) {
      t.truthy(service[limit], `${name}: ${limit}`);
    }
    const mayAdminister = service.networks !== undefined;
    if (name === 'probe') t.deepEqual(service.cap_add, ['NET_RAW', 'SETUID', 'SETGID']);
    else t.deepEqual(service.cap_add, mayAdminister ? ['NET_ADMIN', 'NET_RAW'] : undefined, name);
    t.is(service.network_mode ?? 'network', networkModeOf(name), name);
    t.is(service.memswap_limit ?? service.mem_limit, service.mem_limit, name);
  }
  for (const { networks } of [direct, routed, proxied]) {
    for (const network of Object.values(networks)) t.true(network.internal);
  }
});

function networkModeOf(service: string): string {
  if (service === 'probe') return 'service:client';
  if (service === 'tracer') return 'none';
  return /(.+)-programs/.exec(service)?.[1]?.replace(/^/, 'service:') ?? 'network';
}

test('all that runs on the hosts of a topology has one processor', async (t) => {
  for (const kind of TOPOLOGY_NAMES) {
    const { services } = await readCompose(`docker/${kind}.compose.yaml`, { CPUSET: '7' });
    const elsewhere = Object.entries(services).filter(([, { cpuset }]) => cpuset !== '7');
    t.deepEqual(
      elsewhere.map(([name]) => name),
      ['probe'],
    );
  }
});

test('the probe runs the command of the captures', (t) => {
  for (const { services } of [direct, proxied]) {
    t.deepEqual(services.probe?.command, ['bash', '/opt/lab/capture.sh', ...CAPTURE_COMMAND]);
  }
  const others = CAPTURE_COMMAND.slice(0, -1);
  const filter = `(${CAPTURE_COMMAND.at(-1)}) and ether host ${routed.services.client?.mac_address}`;
  t.deepEqual(routed.services.probe?.command, ['bash', '/opt/lab/capture.sh', ...others, filter]);
});

test("a network's options", (t) => {
  const link = direct.networks.link ?? {};
  const labels = { a: 'b' };
  const subnets = { ipv4: '198.19.0.0/28', ipv6: 'fd00::/124' };
  const options = networkOptions(link, { name: 'n', subnets, labels });
  t.deepEqual(options, {
    Name: 'n',
    CheckDuplicate: true,
    Driver: 'bridge',
    Internal: true,
    EnableIPv6: false,
    Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
    Labels: { a: 'b' },
    IPAM: { Driver: 'default', Config: [{ Subnet: '198.19.0.0/28' }] },
  });
  const both = networkOptions({ ...link, enable_ipv6: true }, { name: 'n', subnets, labels });
  t.deepEqual(both, {
    ...options,
    EnableIPv6: true,
    IPAM: { Driver: 'default', Config: [{ Subnet: '198.19.0.0/28' }, { Subnet: 'fd00::/124' }] },
  });
});
