import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { BASE_IMAGE } from '../../runners/engines/docker/image-recipe.ts';
import { confinedBy } from '../../runners/engines/local/confined.ts';
import { COMMANDS } from '../../runners/engines/local/needs.ts';
import { inProject } from '../../runners/paths.ts';
import { folderWith } from '../_folder.ts';
import { wrongInDefinition } from './_devcontainer.ts';
import { read } from './_workflow.ts';

const FILE = '.devcontainer/devcontainer.json';
const DOCKERFILE = read('.devcontainer/Dockerfile');
const MAKEFILE = read('Makefile');
const definition = JSON.parse(read(FILE)) as { securityOpt: string[] };

test('it is a definition, of files that are there, with least rights and no ports', (t) => {
  t.deepEqual(wrongInDefinition(inProject(FILE), MAKEFILE), []);
});

/** What is said of the definition when this is changed in it. */
function changed(t: ExecutionContext, change: object, dockerfile = DOCKERFILE): string[] {
  const text = JSON.stringify({ ...definition, ...change });
  const folder = folderWith(t, { 'devcontainer.json': text, Dockerfile: dockerfile });
  return wrongInDefinition(join(folder, 'devcontainer.json'), MAKEFILE);
}

test('the check finds what is wrong', (t) => {
  t.deepEqual(changed(t, {}), []);
  for (const [change, problem] of [
    [{ privileged: true }, 'it may not say "privileged"'],
    [{ capAdd: ['SYS_ADMIN'] }, 'it may not say "capAdd"'],
    [{ runArgs: ['--privileged'] }, 'it may not say "runArgs"'],
    [{ mounts: ['type=bind,source=/,target=/host'] }, 'it may not say "mounts"'],
    [{ forwardPorts: [80] }, 'it may not say "forwardPorts"'],
    [{ appPort: 80 }, 'it may not say "appPort"'],
    [
      { securityOpt: [...definition.securityOpt, 'label=disable'] },
      'it may not lift "label=disable"',
    ],
    [{ securityOpt: definition.securityOpt.slice(1) }, 'it does not lift "seccomp=unconfined"'],
    [{ build: { dockerfile: 'Dockerfile.none' } }, 'there is no Dockerfile "Dockerfile.none"'],
    [
      { build: { dockerfile: 'Dockerfile', options: ['--network=host'] } },
      'its build may not say "options"',
    ],
    [{ postCreateCommand: 'make nothing' }, 'the Makefile has no target "nothing"'],
    [{ postCreateCommand: 'npm run nothing' }, 'there is no command "nothing"'],
    [{ postCreateCommand: 'npm run doctor -- --engin' }, 'doctor has no option --engin'],
    [{ postCreateCommand: 'npm ci' }, '"npm ci" is no command of the project'],
  ] as const) {
    t.deepEqual(changed(t, change), [problem]);
  }
  t.deepEqual(changed(t, { containerUser: 'root' }), [
    'its user is root',
    'the Dockerfile makes no user "root"',
  ]);
  t.deepEqual(changed(t, {}, 'FROM scratch\n'), ['the Dockerfile makes no user "dev"']);
  const broken = folderWith(t, { 'devcontainer.json': '{' });
  t.regex(wrongInDefinition(join(broken, 'devcontainer.json'), MAKEFILE).join(), /^no JSON: /);
});

test('it lifts what doctor asks for in a container, and the page explains each', async (t) => {
  const root = folderWith(t, {
    'proc/self/status': 'Seccomp:\t2\n',
    'proc/self/mountinfo': '254 253 0:50 /sys /proc/sys ro - proc proc rw\n',
    'proc/self/attr/current': 'docker-default (enforce)\n',
  });
  const asked = await confinedBy('unshare: unshare failed: …', { root, isRoot: false });
  t.deepEqual(
    asked,
    definition.securityOpt.map((option) => `--security-opt ${option}`),
  );
  for (const option of definition.securityOpt) {
    t.true(read('docs/devcontainer.md').includes(`\n| \`${option}\` | `), option);
  }
});

test('its image is made from the base of all, and has what labs need', (t) => {
  t.deepEqual(DOCKERFILE.match(/^FROM .*$/gm), [`FROM ${BASE_IMAGE}`]);
  const words = DOCKERFILE.split(/[\s"=]+/);
  const needed = Object.values(COMMANDS).map(({ debian }) => debian);
  t.deepEqual(
    [...needed, 'tcpdump', 'git', 'make', 'nodejs', 'npm', 'docker-cli'].filter(
      (name) => !words.includes(name),
    ),
    [],
  );
  t.true(words.some((word) => word.endsWith('-jdk-headless')));
});
