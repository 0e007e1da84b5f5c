// What the machine lacks: what is missing is named, with the command that mends it.
import { existsSync, readdirSync } from 'node:fs';
import test from 'ava';
import { lab, labJson, pathWithout, told } from '../_lab.ts';

const NO_DOCKER = { DOCKER_HOST: 'unix:///nonexistent.sock' };

test.serial('Docker is asked for and does not run', async (t) => {
  const ran = await lab(t, ['hello', '--engine', 'docker'], { env: NO_DOCKER });
  t.is(
    ran.stderr,
    'Docker does not answer: Docker is not running at unix:///nonexistent.sock: systemctl start docker, or start Docker Desktop. Or run without it: --engine local\n',
  );
  t.is(ran.stdout, '');
  t.is(ran.status, 4);
  t.false(existsSync(ran.results), 'a folder of results is left');
});

test.serial(
  'Docker does not run and nobody asked for it: the local engine serves, and why is told',
  async (t) => {
    const { status, run } = await labJson(t, ['hello', '--client', 'python'], { env: NO_DOCKER });
    t.is(status, 0, told(run.cells).join());
    t.is(run.engines[0]?.name, 'local');
    t.regex(run.engines[0]?.why ?? '', /^Docker is not running at unix:\/\/\/nonexistent/);
  },
);

test.serial('a toolchain is missing: its cells are not run, the others are', async (t) => {
  const args = ['hello', '--engine', 'local', '--client', 'java,python'];
  const env = { PATH: pathWithout(t, 'java', 'javac') };
  const { status, run } = await labJson(t, args, { env });
  t.is(status, 3);
  t.is(run.verdict, 'unknown');
  t.deepEqual(told(run.cells), [
    'hello · java · python · local · not-run: Java needs `java`, which is not on the PATH: apt-get install default-jdk-headless',
    'hello · python · python · local · pass: program, packets and kernel agree: no RST, FIN from both',
  ]);
  t.deepEqual(run.cells[0]?.evidence, {
    program: 'unavailable',
    packets: 'unavailable',
    kernel: 'unavailable',
  });
});

test.serial('the toolchain of the server is missing: no cell is run', async (t) => {
  const args = ['hello', '--engine', 'local', '--client', 'python', '--server', 'java'];
  const ran = await lab(t, args, { env: { PATH: pathWithout(t, 'java', 'javac') } });
  t.is(ran.status, 3);
  t.regex(
    ran.stdout,
    /– python +not-run:\n +Java needs `java`, which is not on the PATH: apt-get install\n? +default-jdk-headless\n/,
  );
  t.regex(ran.stdout, /\n {2}1 not run in \d+\.\d\d s/);
  t.is(ran.stderr, '');
});

for (const [command, debian] of [
  ['unshare', 'util-linux'],
  ['ip', 'iproute2'],
] as const) {
  test.serial(`${command} is missing: the local engine says what to install`, async (t) => {
    if (existsSync(`/usr/sbin/${command}`)) {
      return t.pass('it is found there even without a PATH');
    }
    const ran = await lab(t, ['hello', '--engine', 'local', '--client', 'python'], {
      env: { PATH: pathWithout(t, command) },
    });
    t.is(
      ran.stderr,
      `The local engine needs \`${command}\`, which is not on the PATH: apt-get install ${debian}. Or use --engine docker.\n`,
    );
    t.is(ran.stdout, '');
    t.is(ran.status, 4);
    t.deepEqual(existsSync(ran.results) ? readdirSync(ran.results) : [], []);
  });
}
