import test from 'ava';
import {
  chooseSubnet,
  gatewayAddresses,
  hostAddresses,
  subnetsOf,
} from '../../../runners/engines/docker/subnet.ts';

test('the subnet is inside the range for tests of networks', (t) => {
  t.is(chooseSubnet([], 0), '198.19.0.0/28');
  t.is(chooseSubnet([], 0.5), '198.19.128.0/28');
  t.is(chooseSubnet([], 0.999_999), '198.19.255.240/28');
});

test('a taken subnet is passed over', (t) => {
  t.is(chooseSubnet(['198.19.0.0/28', '198.19.0.16/28'], 0), '198.19.0.32/28');
  t.is(chooseSubnet(['198.19.0.0/24'], 0), '198.19.1.0/28');
  t.is(chooseSubnet(['198.19.0.8/30'], 0), '198.19.0.16/28');
});

test('networks elsewhere, and those without IPv4, do not matter', (t) => {
  t.is(chooseSubnet(['172.17.0.0/16', 'fd00::/64', '', 'nonsense'], 0), '198.19.0.0/28');
});

test('after the last subnet comes the first', (t) => {
  t.is(chooseSubnet(['198.19.255.240/28'], 0.999_999), '198.19.0.0/28');
});

test('where all is taken there is none', (t) => {
  t.is(chooseSubnet(['198.0.0.0/8'], 0.3), undefined);
  t.is(chooseSubnet(['0.0.0.0/0'], 0.3), undefined);
});

test('IPv6 has the IPv4 subnet after a prefix for local use', (t) => {
  t.deepEqual(subnetsOf('198.19.190.240/28'), {
    ipv4: '198.19.190.240/28',
    ipv6: 'fd72:6573:6574::c613:bef0/124',
  });
  t.is(subnetsOf('198.19.0.0/28').ipv6, 'fd72:6573:6574::c613:0/124');
  t.is(Buffer.from('72657365' + '74', 'hex').toString(), 'reset');
});

test('hosts come after the gateway', (t) => {
  t.deepEqual(gatewayAddresses('198.19.0.16/28'), {
    ipv4: '198.19.0.17',
    ipv6: 'fd72:6573:6574::c613:11',
  });
  t.deepEqual(hostAddresses('198.19.0.16/28', 0), {
    ipv4: '198.19.0.18',
    ipv6: 'fd72:6573:6574::c613:12',
  });
  t.is(hostAddresses('198.19.255.240/28', 2).ipv6, 'fd72:6573:6574::c613:fff4');
});
