import test from 'ava';
import { TOPOLOGY_NAMES } from '../../../runners/catalog/topology.ts';
import { hostServices, mayChangeNetwork } from '../../../runners/engines/docker/host-services.ts';
import { keysOf } from '../../../runners/engines/docker/topology-keys.ts';
import { ROLES, type TopologySpec } from '../../../runners/engines/engine.ts';
import { python, specOf } from './_docker.ts';

const language = await python();
const means = { tools: 't:1', capture: true, cpuset: '1' };
type Rest = Partial<Omit<TopologySpec, 'languages'>>;
const composed = async (rest: Rest, how = means) =>
  (await hostServices(specOf(language, rest), how)).compose;
const servicesOf = async (rest: Rest, how = means) =>
  Object.keys((await composed(rest, how)).services).sort();

test('hosts may change their network stack where somebody or the routes need it', async (t) => {
  t.deepEqual(await servicesOf({}), ['client', 'probe', 'server']);
  t.deepEqual(await servicesOf({}, { ...means, capture: false }), ['client', 'server']);
  const capable = async (rest: Rest) => {
    const { services } = await composed(rest);
    const all = Object.entries(services).filter(([, service]) => mayChangeNetwork(service));
    return all.map(([name]) => name).sort();
  };
  // The server's cable is cut when it reboots.
  t.deepEqual(await capable({}), ['server']);
  t.deepEqual(await capable({ kind: 'proxied' }), ['server']);
  t.deepEqual(await capable({ kind: 'proxied', needs: ['haproxy'] }), ['server']);
  t.deepEqual(await capable({ needs: ['ss'] }), ['client', 'server']);
  t.deepEqual(await capable({ ip: 6 }), ['client', 'server']);
  t.deepEqual(await capable({ kind: 'routed' }), ['client', 'router', 'server']);
  t.deepEqual(await capable({ kind: 'proxied', needs: ['nft'] }), ['balancer', 'client', 'server']);
  const { services } = await composed({});
  t.deepEqual(services.probe?.cap_add, ['NET_RAW', 'SETUID', 'SETGID']);
  t.deepEqual(services.server?.cap_add, ['NET_ADMIN']);
});

test('programs of any language join their host, without any capability', async (t) => {
  for (const kind of TOPOLOGY_NAMES) {
    const { programs } = await hostServices(specOf(language, { kind, needs: ['nft'] }), means);
    for (const role of ROLES) {
      t.is(programs[role].network_mode, `service:${role}`);
      t.is(programs[role].cap_add, undefined);
    }
  }
});

test('hosts are bound to one processor, where the engine binds any', async (t) => {
  const bound = async (cpuset: string | undefined) => {
    const { compose, programs } = await hostServices(specOf(language, {}), { ...means, cpuset });
    t.is(programs.client.cpuset, compose.services.client?.cpuset);
    return compose.services.client?.cpuset;
  };
  t.is(await bound('3'), '3');
  t.is(await bound(undefined), undefined);
});

test('IPv6 is enabled on all networks, and then the router forwards it', async (t) => {
  for (const ip of [4, 6] as const) {
    const { networks } = await composed({ kind: 'proxied', ip });
    const enabled = Object.values(networks).map((network) => network.enable_ipv6 ?? false);
    t.deepEqual(enabled, [ip === 6, ip === 6]);
    const { services } = await composed({ kind: 'routed', ip });
    t.deepEqual(services.router?.sysctls, {
      'net.ipv4.ip_forward': 1,
      ...(ip === 6 && { 'net.ipv6.conf.all.forwarding': 1 }),
    });
  }
});

test('sysctls of a specification come to those of the file; of a host that is not there, never', async (t) => {
  const sysctls = { client: { 'net.a': 1 }, router: { 'net.b': 2 } };
  const { services } = await composed({ kind: 'routed', sysctls });
  t.deepEqual(services.client?.sysctls, { 'net.a': 1 });
  t.deepEqual(services.router?.sysctls, { 'net.ipv4.ip_forward': 1, 'net.b': 2 });
  t.is(services.server?.sysctls, undefined);
  await t.throwsAsync(composed({ sysctls }), { message: /direct has no host router/ });
});

test('topologies that are made alike have one key, others have others', (t) => {
  const base: Rest = { kind: 'routed', sysctls: { client: { a: 1, b: 2 }, server: { c: 3 } } };
  const key = (rest: Rest) => keysOf(specOf(language, rest))[0];
  const turned = { server: { c: 3 }, client: { b: 2, a: 1 } };
  t.is(key(base), key({ ...base, sysctls: turned }));
  t.is(key({ needs: ['ss'] }), key({ needs: ['nft', 'conntrack'] }));
  const others: Rest[] = [
    base,
    {},
    { kind: 'routed' },
    { ip: 6 },
    { needs: ['ss'] },
    { sysctls: { client: { a: 1 } } },
    { sysctls: { client: { a: 2 } } },
    { sysctls: { server: { a: 1 } } },
  ];
  t.is(new Set(others.map(key)).size, others.length);
});

test('what differs by its languages only has other programs on the same hosts', (t) => {
  const node = { ...language, id: 'node', runtime: 'node' };
  const spec = specOf(language, {});
  const [hosts, programs] = keysOf(spec);
  const others = [
    { client: language, server: node },
    { client: node, server: language },
    { client: language },
  ].map((languages) => keysOf({ ...spec, languages }));
  t.deepEqual(
    others.map(([first]) => first),
    [hosts, hosts, hosts],
  );
  t.is(new Set([programs, ...others.map(([, second]) => second)]).size, 4);
});
