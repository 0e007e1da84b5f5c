import test from 'ava';
import { composeOf } from '../../../runners/engines/docker/hosts.ts';
import { keyOf } from '../../../runners/engines/docker/topology-key.ts';
import type { TopologySpec } from '../../../runners/engines/engine.ts';
import { python, specOf } from './_docker.ts';

const language = await python();
const means = {
  images: { client: 'c:1', server: 's:1', tools: 't:1' },
  capture: true,
  cpuset: '1',
};
type Rest = Partial<Omit<TopologySpec, 'languages'>>;
const composed = (rest: Rest, how = means) => composeOf(specOf(language, rest), how);
const servicesOf = async (rest: Rest, how = means) =>
  Object.keys((await composed(rest, how)).services).sort();

test('administrators are there where somebody or the routes need them', async (t) => {
  const administrators = ['client-administrator', 'server-administrator'];
  t.deepEqual(await servicesOf({}), ['client', 'probe', 'server']);
  t.deepEqual(await servicesOf({}, { ...means, capture: false }), ['client', 'server']);
  const all = ['client', administrators[0], 'probe', 'server', administrators[1]];
  t.deepEqual(await servicesOf({ needs: ['ss'] }), all);
  t.deepEqual(await servicesOf({ ip: 6 }), all);
  t.true((await servicesOf({ kind: 'routed' })).includes('client-administrator'));
  t.false((await servicesOf({ kind: 'proxied' })).includes('client-administrator'));
});

test('hosts are bound to one processor, where the engine binds any', async (t) => {
  const bound = async (cpuset: string | undefined) => {
    const { services } = await composeOf(specOf(language, {}), { ...means, cpuset });
    return services.client?.cpuset;
  };
  t.is(await bound('3'), '3');
  t.is(await bound(undefined), undefined);
});

test('without administrators a balancer has no capability', async (t) => {
  const capabilities = async (rest: Rest) => (await composed(rest)).services.balancer?.cap_add;
  t.is(await capabilities({ kind: 'proxied' }), undefined);
  t.is(await capabilities({ kind: 'proxied', needs: ['haproxy'] }), undefined);
  t.deepEqual(await capabilities({ kind: 'proxied', needs: ['haproxy', 'nft'] }), [
    'NET_ADMIN',
    'NET_RAW',
  ]);
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
  t.is(services['client-administrator']?.sysctls, undefined);
  await t.throwsAsync(composed({ sysctls }), { message: /direct has no host router/ });
});

test('topologies that are made alike have one key, others have others', (t) => {
  const base: Rest = { kind: 'routed', sysctls: { client: { a: 1, b: 2 }, server: { c: 3 } } };
  const key = (rest: Rest) => keyOf(specOf(language, rest));
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
