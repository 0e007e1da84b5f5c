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
    'a second network',
    'services: {a: {image: x, networks: [n, m]}}\nnetworks: {n: {}, m: {}}',
    /services\.a\.networks\.1 is not mapped/,
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
  t.is(direct.services.client?.image, 'image:tag');
  t.is(direct.services.server?.image, 'reset-labs/python:latest');
  t.deepEqual(Object.keys(direct.networks), ['link']);
  const tracer = await readCompose('docker/tracer.compose.yaml', {});
  t.deepEqual(Object.keys(tracer.services), ['tracer']);
});
