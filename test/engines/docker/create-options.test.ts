import test from 'ava';
import { CAPTURE_COMMAND } from '../../../runners/engines/capture.ts';
import { readCompose } from '../../../runners/engines/docker/compose.ts';
import type { Service } from '../../../runners/engines/docker/compose-schema.ts';
import {
  containerOptions,
  networkOptions,
} from '../../../runners/engines/docker/create-options.ts';

const place = { service: 'client', networkMode: 'net', labels: { 'reset-labs.run': 'r' } };
const direct = await readCompose('docker/direct.compose.yaml', {});
const tracer = await readCompose('docker/tracer.compose.yaml', {});

test("a host's options", (t) => {
  t.deepEqual(containerOptions(direct.services.client as Service, place), {
    Image: 'reset-labs/python:latest',
    Cmd: ['bash', '/opt/lab/agent.sh', '/run/lab'],
    User: '10001:10001',
    Env: ['LC_ALL=C.UTF-8'],
    Labels: { 'reset-labs.role': 'client', 'reset-labs.run': 'r' },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'net',
      CapDrop: ['ALL'],
      CapAdd: undefined,
      SecurityOpt: ['no-new-privileges:true'],
      ReadonlyRootfs: true,
      Tmpfs: { '/run/lab': 'uid=10001,gid=10001,mode=0700,size=32m' },
      Memory: 256 * 2 ** 20,
      CpusetCpus: '0',
      PidsLimit: 256,
      Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 1024 }],
      LogConfig: { Type: 'none', Config: {} },
    },
    NetworkingConfig: { EndpointsConfig: { net: { Aliases: ['client'] } } },
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
  for (const { volumes } of Object.values(direct.services)) t.is(volumes, undefined);
});

test('every service is hardened', (t) => {
  for (const [name, service] of Object.entries({ ...direct.services, ...tracer.services })) {
    t.deepEqual(service.cap_drop, ['ALL'], name);
    t.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    t.true(service.read_only, name);
    for (const limit of ['mem_limit', 'pids_limit', 'ulimits'] as const) {
      t.truthy(service[limit], `${name}: ${limit}`);
    }
    if (name !== 'probe') t.is(service.cap_add, undefined, name);
  }
});

test('the probe runs the command of the captures', (t) => {
  const command = direct.services.probe?.command;
  t.deepEqual(command, ['bash', '/opt/lab/capture.sh', ...CAPTURE_COMMAND]);
});

test("a network's options", (t) => {
  const link = direct.networks.link ?? {};
  const labels = { a: 'b' };
  t.deepEqual(networkOptions(link, { name: 'n', subnet: '198.19.0.0/28', labels }), {
    Name: 'n',
    CheckDuplicate: true,
    Driver: 'bridge',
    Internal: true,
    Options: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
    Labels: { a: 'b' },
    IPAM: { Driver: 'default', Config: [{ Subnet: '198.19.0.0/28' }] },
  });
});
