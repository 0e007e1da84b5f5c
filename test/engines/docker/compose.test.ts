// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import test from 'ava';
import { parseCompose, readCompose } from '../../../runners/engines/docker/compose.ts';
import { UserError } from '../../../runners/user-error.ts';

const refused: [what: string, text: string, message: RegExp][] = [
  [
    'an unknown key of a service',
    'services: {a: {image: x, privileged: true}}',
    /^a\.yaml: services\.a\.privileged is not mapped.*Remove it/,
  ],
  [
    'published ports',
    'services: {a: {image: x, ports: ["80:80"]}}',
    /services\.a\.ports is not mapped/,
  ],
  [
    'an unknown key deep inside',
    'services: {a: {image: x, logging: {driver: none, options: {}}}}',
    /services\.a\.logging\.options is not mapped/,
  ],
  [
    'an unknown key of a network',
    'services: {}\nnetworks: {n: {external: true}}',
    /networks\.n\.external is not mapped/,
  ],
  ['an unknown key of the file', 'services: {}\nvolumes: {}', /volumes is not mapped/],
  ['a service without image', 'services: {a: {}}', /services\.a\.image is missing/],
  [
    'a command in one text',
    'services: {a: {image: x, command: sleep 1}}',
    /services\.a\.command is "sleep 1", but must be a list/,
  ],
  [
    'a mount that makes its source',
    'services: {a: {image: x, volumes: [{type: bind, source: /a, target: /b, bind: {create_host_path: true}}]}}',
    /create_host_path is true, but must be false/,
  ],
  [
    'a network that is named twice',
    'services: {a: {image: x, networks: [n, m, n]}}\nnetworks: {n: {}, m: {}}',
    /services\.a\.networks names one twice\. Remove it/,
  ],
  ['no network', 'services: {a: {image: x, networks: []}}', /services\.a\.networks/],
  [
    'options of a place on a network',
    'services: {a: {image: x, networks: {n: {ipv4_address: 198.19.0.2}}}}\nnetworks: {n: {}}',
    /services\.a\.networks is Object, but must be a list/,
  ],
  [
    'a second network that is not declared',
    'services: {a: {image: x, networks: [n, m]}}\nnetworks: {n: {}}',
    /services\.a\.networks names the network "m"\. Declare it/,
  ],
  [
    'a sysctl that is no number',
    'services: {a: {image: x, sysctls: {net.ipv4.ip_forward: "yes"}}}',
    /services\.a\.sysctls\.net\.ipv4\.ip_forward is "yes", but must be number/,
  ],
  [
    'a list of sysctls',
    'services: {a: {image: x, sysctls: [net.ipv4.ip_forward=1]}}',
    /services\.a\.sysctls\.0 is "net\.ipv4\.ip_forward=1", but must be number/,
  ],
  [
    'sysctls of a network stack that is another’s',
    'services: {a: {image: x}, b: {image: x, network_mode: "service:a", sysctls: {net.a: 1}}}',
    /services\.b has sysctls and network_mode\. Keep one/,
  ],
  [
    'a MAC address of a network stack that is another’s',
    'services: {a: {image: x}, b: {image: x, network_mode: "service:a", mac_address: "02:00:00:00:00:01"}}',
    /services\.b has mac_address and network_mode\. Keep one/,
  ],
  [
    'a MAC address without network',
    'services: {a: {image: x, mac_address: "02:00:00:00:00:01"}}',
    /services\.a has mac_address, but no networks/,
  ],
  [
    'what is no MAC address',
    'services: {a: {image: x, mac_address: "02:00:00"}}',
    /services\.a\.mac_address/,
  ],
  [
    'swap without a limit of memory',
    'services: {a: {image: x, memswap_limit: 1m}}',
    /services\.a has memswap_limit, but no mem_limit/,
  ],
  [
    'swap without end',
    'services: {a: {image: x, mem_limit: 1m, memswap_limit: -1}}',
    /services\.a\.memswap_limit/,
  ],
  [
    'IPv6 in words',
    'services: {}\nnetworks: {n: {enable_ipv6: "true"}}',
    /networks\.n\.enable_ipv6 is "true", but must be boolean/,
  ],
  [
    'subnets of its own',
    'services: {}\nnetworks: {n: {ipam: {config: [{subnet: 198.19.0.0/28}]}}}',
    /networks\.n\.ipam is not mapped/,
  ],
  ['host network', 'services: {a: {image: x, network_mode: host}}', /services\.a\.network_mode/],
  ['a size without unit', 'services: {a: {image: x, mem_limit: "1"}}', /services\.a\.mem_limit/],
  [
    'a network that is not declared',
    'services: {a: {image: x, networks: [n]}}',
    /services\.a\.networks names the network "n"\. Declare it/,
  ],
  [
    'a service that is not declared',
    'services: {a: {image: x, network_mode: "service:b"}}',
    /services\.a\.depends_on or network_mode names the service "b"/,
  ],
  [
    'networks together with network_mode',
    'services: {a: {image: x, network_mode: none, networks: [n]}}\nnetworks: {n: {}}',
    /services\.a has networks and network_mode/,
  ],
  [
    'a circle',
    'services: {a: {image: x, depends_on: [b]}, b: {image: x, network_mode: "service:c"}, c: {image: x, depends_on: [a]}}',
    /a → b → c → a/,
  ],
  ['text that is no YAML', 'services: [', /^a\.yaml cannot be read/],
  ['an empty file', '', /^a\.yaml cannot be read: it has no keys/],
  [
    'a variable without value',
    'services: {a: {image: "$X"}}',
    /^a\.yaml cannot be read: the variable X/,
  ],
];

for (const [what, text, message] of refused) {
  test(`refuses ${what}`, (t) => {
    t.throws(() => parseCompose('a.yaml', text, {}), { instanceOf: UserError, message });
  });
}

test('takes what is mapped, with anchors and names of its own', (t) => {
  const compose = parseCompose(
    'a.yaml',
    'x-base: &base {user: "1:1", y: 1}\nx-other: 1\nservices: {}',
    {},
  );
  t.deepEqual(compose, { services: {}, networks: {} });
  const merged = parseCompose(
    'a.yaml',
    'x-base: &base {user: "1:1"}\nservices: {a: {<<: *base, image: "${I:-x}"}}',
    { I: 'y' },
  );
  t.deepEqual(merged.services, { a: { user: '1:1', image: 'y' } });
});

test('the files of the project can be read', async (t) => {
  const direct = await readCompose('docker/direct.compose.yaml', { CLIENT_IMAGE: 'image:tag' });
  t.is(direct.services['client-programs']?.image, 'image:tag');
  t.is(direct.services['server-programs']?.image, 'reset-labs/python:latest');
  t.deepEqual(Object.keys(direct.networks), ['link']);
  const routed = await readCompose('docker/routed.compose.yaml', {});
  t.deepEqual(Object.keys(routed.networks), ['link']);
  const proxied = await readCompose('docker/proxied.compose.yaml', {});
  t.deepEqual(proxied.services.balancer?.networks, ['link', 'server-link']);
  const tracer = await readCompose('docker/tracer.compose.yaml', {});
  t.deepEqual(Object.keys(tracer.services), ['tracer']);
});
